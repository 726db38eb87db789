import { describe, expect, it } from 'vitest';
import { action, anyStatus, http, imported, type Loose, process } from '../testing/experiment-builder.ts';

describe('a request', () => {
  const asked = (provider: Loose, more: Loose = {}) => {
    const { scenario, unsupported } = imported({ method: [action('a', provider)], ...more });
    const [phase] = scenario['phases'] as [{ actions: [Loose] }];
    const { type, expect: expected, timeout_sec: _, follow_redirects: __, ...fields } = phase.actions[0];
    expect({ type, expected }).toEqual({ type: 'http_request', expected: anyStatus });
    expect(unsupported).toEqual([]);
    return fields;
  };
  const configuration = { base: 'http://h', q: 'x' };
  const secrets = { api: { token: { type: 'env', key: 'API_TOKEN' } } };

  it('has its arguments in its query, as Python writes them', () => {
    const provider = http('${base}/a?z=1#top', {
      arguments: { q: 'a b&${q}', on: true, n: 1, none: null, many: ['a', 'b'] },
    });
    expect(asked(provider, { configuration })).toEqual({
      name: 'a',
      url: '${base}/a?z=1&q=a+b%26${q}&on=True&n=1&many=a&many=b#top',
    });
  });

  it('has a form as its body', () => {
    const provider = http('http://h/', {
      method: 'post',
      arguments: { a: 'ä', b: 2 },
      headers: { Authorization: 'Bearer ${token}' },
    });
    expect(asked(provider, { secrets })).toEqual({
      name: 'a',
      url: 'http://h/',
      method: 'POST',
      headers: { Authorization: 'Bearer ${token}', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'a=%C3%A4&b=2',
    });
  });

  it('has JSON or text as its body', () => {
    const headers = { 'Content-Type': 'application/json' };
    const json = http('http://h/', { method: 'PUT', headers, arguments: { a: ['${q}', 1], b: { c: null } } });
    expect(asked(json, { configuration })).toMatchObject({
      headers,
      body: { a: ['${q}', 1], b: { c: null } },
    });
    const plain = http('http://h/', { method: 'PUT', arguments: 'a=${none}' });
    expect(asked(plain)).toMatchObject({ body: 'a=$${none}' });
  });

  it('may be one that cannot be made', () => {
    const provider = http('h/', {
      method: 'CONNECT',
      max_retries: 3,
      verify_tls: false,
      timeout: [400, 300],
    });
    const { unsupported, scenario } = imported({ method: [action('a', provider)] });
    expect(unsupported).toHaveLength(4);
    expect(scenario).toMatchObject({ phases: [{ actions: [{ verify_tls: false, timeout_sec: 600 }] }] });
  });
});

describe('a process', () => {
  const run = (provider: Loose) => {
    const { scenario, unsupported } = imported({ configuration: { v: 1 }, method: [action('a', provider)] });
    expect(unsupported).toEqual([]);
    return (scenario['phases'] as [{ actions: [Loose] }])[0].actions[0]['run'];
  };

  it('has its arguments as words, or through a shell', () => {
    expect(run(process('ls', { arguments: ['-l', '', null, 3, '${v}'] }))).toEqual(['ls', '-l', '3', '${v}']);
    expect(run(process('x', { arguments: { '--a': 'b', '--flag': '', '--n': 2 } }))).toEqual([
      'x',
      '--a',
      'b',
      '--flag',
      '--n',
      '2',
    ]);
    expect(run(process('~/x', { arguments: '$v "${HOME}"' }))).toEqual([
      '/bin/sh',
      '-c',
      '~/x ${v} "$${HOME}"',
    ]);
    expect(run(process('true'))).toEqual(['true']);
  });
});
