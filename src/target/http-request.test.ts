import { describe, expect, test } from 'vitest';
import { configSchema } from '../model/config.ts';
import { Feeds } from './feed.ts';
import { expectedStatuses, probeRequest, requestsOf } from './http-request.ts';

const options = { seed: 1, feeds: new Feeds({}), keepAlive: true };
const requests = (given: object) => {
  const [spec] = configSchema.parse({ http_workload: given }).http_workload.requests;
  if (spec === undefined) throw new Error('no request');
  return requestsOf(spec, options);
};
const request = (given: object, url = 'http://127.0.0.1:8001') => requests(given)(url)(0);

describe('requestsOf', () => {
  test('the default workload posts a JSON payload to /work', () => {
    expect(request({})).toEqual({
      origin: 'http://127.0.0.1:8001',
      method: 'POST',
      path: '/work',
      headers: ['content-type', 'application/json'],
      body: Buffer.from('{"payload":"test"}'),
      reset: false,
    });
  });

  test.each([
    ['http://h:1', '/work', '/work'],
    ['http://h:1/', '/work', '/work'],
    ['http://h:1/base', '/work', '/base/work'],
    ['http://h:1/base/v1/', '/work?x=1', '/base/v1/work?x=1'],
    ['http://h:1/base', '/', '/base/'],
    ['http://h:1', '//twice', '//twice'],
    ['http://h:1', '/a b', '/a%20b'],
  ])('the base path of %s goes before %s', (url, path, joined) => {
    expect(request({ path }, url).path).toBe(joined);
  });

  test('text is sent as it is and has no type, a mapping is JSON unless a type is given, null is no body', () => {
    const text = request({ body: 'a=1' });
    expect([text.body?.toString(), text.headers]).toEqual(['a=1', []]);
    const typed = request({
      body: { a: [1, null] },
      headers: { 'Content-Type': 'application/vnd.api+json' },
    });
    expect([typed.body?.toString(), typed.headers]).toEqual([
      '{"a":[1,null]}',
      ['content-type', 'application/vnd.api+json'],
    ]);
    expect(request({ body: null })).toMatchObject({ body: null, headers: [] });
  });

  test.each(['GET', 'HEAD'])('%s carries a body only where one is given', (method) => {
    expect(request({ method })).toMatchObject({ body: null, headers: [] });
    expect(request({ method, body: 'q' }).body?.toString()).toBe('q');
  });

  test('user and password of the URL become basic authentication, unless a header says otherwise', () => {
    expect(request({ body: null }, 'http://me:p%40ss@h:1')).toMatchObject({
      origin: 'http://h:1',
      headers: ['authorization', `Basic ${Buffer.from('me:p@ss').toString('base64')}`],
    });
    const own = request({ body: null, headers: { Authorization: 'Bearer x' } }, 'http://me:p@h:1');
    expect(own.headers).toEqual(['authorization', 'Bearer x']);
  });
});

test('a probe asks for the base path only', () => {
  expect(probeRequest('http://h:1/base')).toMatchObject({ method: 'GET', path: '/base/', body: null });
});

test('statuses are expected by number and by class', () => {
  const expected = expectedStatuses([404, '2xx']);
  const accepted = expected.flatMap((yes, status) => (yes ? [status] : []));
  expect(accepted).toEqual([...Array.from({ length: 100 }, (_, index) => 200 + index), 404]);
});
