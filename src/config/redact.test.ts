import { describe, expect, it } from 'vitest';
import { configSchema } from '../model/config.ts';
import { shownUrl, withoutSecrets } from './redact.ts';

describe('what is stored of a config', () => {
  it('has no password and no secret header in it, and everything else', () => {
    const config = configSchema.parse({
      http_nodes: ['http://me:pa55@127.0.0.1:8001/base'],
      redis_nodes: ['redis://:pa55@127.0.0.1:6379/1'],
      http_workload: {
        path: '/work?token=pa55&page',
        headers: { Authorization: 'Bearer pa55', 'X-Api-Key': 'pa55', accept: 'text/plain' },
      },
    });
    const stored = withoutSecrets(config);
    expect(JSON.stringify(stored)).not.toContain('pa55');
    expect(stored.http_nodes).toEqual(['http://me:***@127.0.0.1:8001/base']);
    expect(stored.http_workload.headers['accept']).toBe('text/plain');
    expect(stored.http_workload.path).toBe('/work?token=***&page');
    expect(stored.load).toEqual(config.load);
  });

  it('leaves a URL without a password as it was written', () => {
    expect(shownUrl('redis://127.0.0.1:6379')).toBe('redis://127.0.0.1:6379');
    expect(shownUrl('http://h/a?b=1&c=pa55#d')).toBe('http://h/a?b=***&c=***#d');
  });
});
