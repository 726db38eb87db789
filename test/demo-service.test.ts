import { Agent, request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestNode } from './demo-client.ts';

let node: TestNode;

afterEach(async () => {
  await node.service.drain(0);
});

describe('the demo node answers', () => {
  beforeEach(async () => {
    node = await TestNode.start([10, 150]);
  });

  it('GET and HEAD /health', async () => {
    const got = await fetch(node.url('/health?verbose'));
    expect([got.status, await got.json()]).toEqual([200, { status: 'ok', node: 'service-node-9' }]);
    const head = await fetch(node.url('/health'), { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(got.headers.get('content-length'));
  });

  it('POST /work with its name and the payload, after 10 to 150 ms', async () => {
    const payload = 'grüße, 世界 🌍 "quoted"';
    const startedMs = performance.now();
    const response = await node.post(JSON.stringify({ payload, more: 1 }));
    const tookMs = performance.now() - startedMs;
    const body: { worked_ms: number } = JSON.parse(await response.text());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(body).toEqual({ node: 'service-node-9', payload, worked_ms: body.worked_ms });
    expect(body.worked_ms).toBeGreaterThanOrEqual(10);
    expect(body.worked_ms).toBeLessThanOrEqual(150);
    // Timers count whole milliseconds and may fire up to one early.
    expect(tookMs).toBeGreaterThanOrEqual(body.worked_ms - 1);
  });

  it('GET /state: what it has served, and what is in flight besides the question', async () => {
    await node.post('{"payload":"a"}');
    await fetch(node.url('/nowhere'));
    const first = await fetch(node.url('/state'));
    expect(await first.json()).toEqual({
      node: 'service-node-9',
      requests_served: 2,
      in_flight: expect.any(Number),
      draining: false,
      uptime_sec: expect.any(Number),
    });
    await node.expectState({ in_flight: 0 });
  });

  it.each([
    ['', /^the body is empty/],
    ['payload=test', /^the body is not JSON/],
    ['{"payload":"te', /^the body is not JSON/],
    [Uint8Array.of(0x22, 0xff, 0x22), /^the body is not JSON/],
    ['[' + '['.repeat(200_000), /^the body is not JSON/],
    ['["payload"]', /^the body is JSON, but not an object/],
    ['null', /^the body is JSON, but not an object/],
    ['{}', /^the body has no "payload"/],
    ['{"payload":1}', /^"payload" is not a string/],
    ['{"payload":null}', /^"payload" is not a string/],
  ])('400 to POST /work with the body %.20j', async (body, error) => {
    const response = await node.post(body);
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: expect.stringMatching(error), node: 'service-node-9' },
    ]);
  });

  it('404 for an unknown path, 405 with Allow for an unknown method', async () => {
    for (const path of ['/', '/worker', '/constructor', '/health/', '//']) {
      const lost = await fetch(node.url(path));
      expect([path, lost.status, await lost.json()]).toEqual([
        path,
        404,
        { error: expect.stringContaining('/health, /state, /work'), node: 'service-node-9' },
      ]);
    }
    const got = await fetch(node.url('/work'));
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    const put = await fetch(node.url('/health'), { method: 'PUT', body: '{}' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('400 to what is not HTTP, 431 to endless headers', async () => {
    const garbage = node.raw();
    await garbage.write('HELO me\r\n\r\n');
    await garbage.closed;
    expect(garbage.received).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*not an HTTP request"}\n$/s);
    const long = node.raw();
    await long.write(`GET /health HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(32_000)}\r\n\r\n`);
    await long.closed;
    expect(long.received).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('300 requests at once, all of them in the time of the slowest', async () => {
    const agent = new Agent({ keepAlive: true });
    const startedMs = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) => workOver(agent, `payload ${index}`)),
    );
    const tookMs = performance.now() - startedMs;
    agent.destroy();
    expect(answers.map(({ payload }) => payload)).toEqual(
      Array.from({ length: 300 }, (_, index) => `payload ${index}`),
    );
    const worked = answers.map(({ worked_ms }) => worked_ms);
    // One after another they would take about 24 s.
    expect(tookMs).toBeLessThan(worked.reduce((sum, ms) => sum + ms) / 2);
    expect(new Set(worked).size).toBeGreaterThan(30);
  });
});

/** One POST /work on a connection of the agent's. */
function workOver(agent: Agent, payload: string): Promise<{ payload: string; worked_ms: number }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(node.url('/work'), { method: 'POST', agent }, (response) => {
      response.toArray().then((chunks) => resolve(JSON.parse(Buffer.concat(chunks).toString())), reject);
    });
    request.on('error', reject);
    request.end(JSON.stringify({ payload }));
  });
}
