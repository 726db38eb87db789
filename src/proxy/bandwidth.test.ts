import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receive, sourceServer, Stage } from './stage.fixture.ts';

/** Bytes per second at which that many come in, counted from the first of them on. */
async function rate(socket: Socket, bytes: number): Promise<number> {
  socket.write('x');
  const first = await receive(socket, 1);
  const startMs = performance.now();
  await receive(socket, bytes - first.length);
  return ((bytes - first.length) / (performance.now() - startMs)) * 1000;
}

describe('bandwidth', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  it.each([
    { kbit: 800, bytes: 150_000 },
    { kbit: 40_000, bytes: 7_500_000 },
  ])('keeps what the node sends to $kbit kbit/s, within 5%', async ({ kbit, bytes }) => {
    const link = await stage.link(sourceServer(bytes));
    await stage.proxy.set(link, 'm', { kind: 'bandwidth', rate_kbit: kbit });
    const shares: number[] = [];
    for (let i = 0; i < 3; i += 1) shares.push((await rate(await stage.client(link), bytes)) / (kbit * 125));
    // A machine that has much else to do only slows it down: never too fast, and at its best not too slow.
    expect(Math.max(...shares)).toBeGreaterThan(0.95);
    expect(Math.max(...shares)).toBeLessThan(1.05);
  });

  it('is one line for all connections of the node, and is lifted at once', async () => {
    const link = await stage.link(sourceServer(500_000));
    await stage.proxy.set(link, 'm', { kind: 'bandwidth', rate_kbit: 4_000 });
    const clients = await Promise.all(Array.from({ length: 2 }, () => stage.client(link)));
    const startMs = performance.now();
    const received = clients.map((client) => {
      client.write('x');
      return receive(client, 500_000);
    });
    await Promise.all(clients.map((client) => receive(client, 250_000)));
    const halfMs = performance.now() - startMs;
    expect(halfMs).toBeGreaterThan(900);
    await stage.proxy.clear(link, 'm');
    await Promise.all(received);
    expect(performance.now() - startMs - halfMs).toBeLessThan(500);
  });
});
