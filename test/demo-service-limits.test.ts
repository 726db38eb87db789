import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestNode } from './demo-client.ts';

let node: TestNode;

afterEach(async () => {
  await node.service.drain(0);
});

describe('a body beyond 1 MiB', () => {
  beforeEach(async () => {
    node = await TestNode.start([0, 0]);
  });
  const mebibyte = 1024 * 1024;

  it('is refused one byte beyond, and taken up to there', async () => {
    const fits = JSON.stringify({ payload: 'x'.repeat(mebibyte - 14) });
    expect(fits).toHaveLength(mebibyte);
    expect((await node.post(fits)).status).toBe(200);
    const refused = await node.post(`${fits} `);
    expect([refused.status, await refused.json()]).toEqual([
      413,
      { error: 'the body is longer than 1048576 bytes', node: 'service-node-9' },
    ]);
  });

  it.each([
    ['with Content-Length', 'content-length: 8388608', (part: string) => part],
    ['in chunks', 'transfer-encoding: chunked', (part: string) => `10000\r\n${part}\r\n`],
  ])(
    '%s: the answer arrives, though the client sends everything before it reads',
    async (_, header, frame) => {
      const client = node.raw();
      client.socket.pause();
      await client.write(`POST /work HTTP/1.1\r\nhost: a\r\n${header}\r\n\r\n`);
      for (let sent = 0; sent < 8 * mebibyte; sent += 65_536) await client.write(frame('x'.repeat(65_536)));
      client.socket.resume();
      await client.closed;
      expect(client.failure).toBe('');
      expect(client.received).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*1048576 bytes/s);
    },
  );

  it('with Expect: 100-continue is refused before it is sent, and a fitting one is invited', async () => {
    const refused = node.raw();
    await refused.write(
      'POST /work HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 1048577\r\n\r\n',
    );
    await refused.closed;
    expect(refused.received).toMatch(/^HTTP\/1\.1 413 /);

    const invited = node.raw();
    await invited.write(
      'POST /work HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 15\r\n\r\n',
    );
    await invited.until('HTTP/1.1 100 Continue\r\n\r\n');
    await invited.write('{"payload":"z"}');
    await invited.until('"payload":"z"');
    expect(invited.received).toMatch(/100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
    invited.socket.destroy();
  });

  it('a client that goes away in mid-body is forgotten', async () => {
    const client = node.raw();
    await client.write('POST /work HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{"pay');
    await node.expectState({ in_flight: 1 });
    client.socket.destroy();
    await node.expectState({ in_flight: 0 });
  });
});

describe('draining', () => {
  it('lets the request in flight finish, ends idle connections, and accepts no more', async () => {
    node = await TestNode.start([400, 400]);
    const idle = node.raw();
    await idle.write('GET /health HTTP/1.1\r\nhost: a\r\n\r\n');
    await idle.until('"ok"');
    const busy = await node.busyClient();
    const order: string[] = [];
    idle.socket.once('close', () => order.push('idle closed'));
    busy.socket.once('data', () => order.push('busy answered'));

    const drained = node.service.drain(10_000);
    await expect(fetch(node.url('/health'))).rejects.toThrow('fetch failed');
    expect(await drained).toBe(0);
    await busy.closed;
    expect(busy.received).toMatch(/^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*"payload":"a"/is);
    expect(order).toEqual(['idle closed', 'busy answered']);
  });

  it('answers 503 to a request that arrives on an open connection', async () => {
    node = await TestNode.start([400, 400]);
    const busy = await node.busyClient();
    const late = node.raw();
    await late.write('POST /work HTTP/1.1\r\nhost: a\r\n');
    // An answer on a third connection shows that the node has read the second.
    await node.expectState({ draining: false });

    const drained = node.service.drain(10_000);
    await late.write('content-length: 15\r\n\r\n{"payload":"b"}');
    await late.closed;
    expect(late.received).toMatch(/^HTTP\/1\.1 503 .*connection: close\r\n.*shutting down/is);
    expect(await drained).toBe(0);
    await busy.closed;
    expect(busy.received).toContain('"payload":"a"');
  });

  it('cuts off what is still in flight at its limit, and counts it', async () => {
    node = await TestNode.start([60_000, 60_000]);
    const busy = await node.busyClient();
    expect(await node.service.drain(50)).toBe(1);
    await busy.closed;
    expect(busy.received).toBe('');
  });
});
