import { describe, expect, it } from 'vitest';
import { configSchema } from '../model/config.ts';
import { shownUrl, withoutPassword, withoutSecrets } from './redact.ts';

describe('what is stored of a config', () => {
  it('has no password, no token and no header that may be one in it, and everything else', () => {
    const config = configSchema.parse({
      http_nodes: ['http://me:pa55@127.0.0.1:8001/base', 'http://pa55@127.0.0.1:8002'],
      redis_nodes: ['redis://:pa55@127.0.0.1:6379/1'],
      llm: { base_url: 'http://me:pa55@127.0.0.1:9/v1' },
      http_workload: {
        path: '/work?token=pa55&page',
        headers: {
          Authorization: 'Bearer pa55',
          'X-Api-Key': 'pa55',
          'Ocp-Apim-Subscription-Key': 'pa55',
          'X-Access-Key': 'pa55',
          'X-Auth': 'pa55',
          Accept: 'text/plain',
          'content-type': 'application/json',
        },
      },
      redis_workload: [
        { commands: ['AUTH pa55', 'auth me "pa55 pa55"', 'HELLO 3 AUTH me pa55 SETNAME a', 'GET auth:k'] },
        { commands: ['"AUTH" pa55', 'CONFIG SET requirepass pa55', 'ACL SETUSER me on >pa55'] },
      ],
    });
    const stored = withoutSecrets(config);
    expect(JSON.stringify(stored)).not.toContain('pa55');
    expect(stored.http_nodes).toEqual(['http://me:***@127.0.0.1:8001/base', 'http://***@127.0.0.1:8002/']);
    expect(stored.llm).toEqual({ ...config.llm, base_url: 'http://me:***@127.0.0.1:9/v1' });
    expect(stored.http_workload.requests[0]?.headers).toMatchObject({
      Accept: 'text/plain',
      'X-Auth': '***',
      'content-type': 'application/json',
    });
    expect(stored.http_workload.requests[0]?.path).toBe('/work?token=***&page');
    expect(stored.redis_workload[0]?.commands).toEqual([
      'AUTH ***',
      'auth ***',
      'HELLO 3 AUTH ***',
      'GET auth:k',
    ]);
    expect(stored.load).toEqual(config.load);
    expect(configSchema.parse(stored)).toEqual(stored);
  });

  it('leaves a URL without a password as it was written', () => {
    expect(shownUrl('redis://127.0.0.1:6379')).toBe('redis://127.0.0.1:6379');
    expect(shownUrl('http://h/a?b=1&c=pa55#d')).toBe('http://h/a?b=***&c=***#d');
  });
});

it.each([
  ['http://me:pa55@h:x', 'http://me:***@h:x'],
  ['http://pa55@h:x', 'http://***@h:x'],
  ['http://pa55@pa55@h:x', 'http://***@h:x'],
  ['http://h:x/a@b', 'http://h:x/a@b'],
])('text that was meant to be a URL is shown without what lets one in: %s', (text, shown) => {
  expect(withoutPassword(text)).toBe(shown);
});
