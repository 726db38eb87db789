import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { echoServer, median, receive, roundTrip, Stage } from './stage.fixture.ts';

async function roundTrips(socket: Parameters<typeof roundTrip>[0], count: number): Promise<number[]> {
  const tookMs: number[] = [];
  for (let i = 0; i < count; i += 1) tookMs.push(await roundTrip(socket));
  return tookMs;
}

describe('latency', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage();
  });
  afterEach(() => stage.close());

  it('adds 100 ms to a round trip within 2 ms, set and cleared on an open connection', async () => {
    const link = await stage.link(echoServer());
    const client = await stage.client(link);
    // A machine that has much else to do only adds: the quickest round trips show what the proxy does.
    const before = Math.min(...(await roundTrips(client, 40)));
    await stage.proxy.set(link, 'm', { kind: 'latency', latency_ms: 100, jitter_ms: 0 });
    const during = Math.min(...(await roundTrips(client, 41)));
    await stage.proxy.clear(link, 'm');
    const after = median(await roundTrips(client, 40));
    expect(Math.abs(during - before - 100)).toBeLessThan(2);
    expect(after).toBeLessThan(50);
  });

  it('spreads the jitter evenly, and keeps the order of bytes', async () => {
    const link = await stage.link(echoServer());
    await stage.proxy.set(link, 'm', { kind: 'latency', latency_ms: 50, jitter_ms: 40 });
    const clients = await Promise.all(Array.from({ length: 10 }, () => stage.client(link)));
    const tookMs = (await Promise.all(clients.map((client) => roundTrips(client, 12)))).flat();
    expect(Math.min(...tookMs)).toBeGreaterThan(9);
    expect(tookMs.filter((ms) => ms < 30).length).toBeGreaterThan(10);
    expect(tookMs.filter((ms) => ms > 70).length).toBeGreaterThan(10);

    const [client] = clients;
    if (client === undefined) throw new Error('no client');
    const sent = Array.from({ length: 200 }, (_, i) => `${i},`);
    const echoed = receive(client, sent.join('').length);
    for (const word of sent) {
      client.write(word);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect((await echoed).toString()).toBe(sent.join(''));
  });

  it('lets what it holds go at once when it is cleared, and adds up where there are two', async () => {
    const link = await stage.link(echoServer());
    const client = await stage.client(link);
    await stage.proxy.set(link, 'long', { kind: 'latency', latency_ms: 60_000, jitter_ms: 0 });
    const startMs = performance.now();
    const held = roundTrip(client);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    await stage.proxy.clear(link, 'long');
    expect(await held).toBeGreaterThan(99);
    expect(performance.now() - startMs).toBeLessThan(5_000);

    await stage.proxy.set(link, 'a', { kind: 'latency', latency_ms: 60, jitter_ms: 0 });
    await stage.proxy.set(link, 'b', { kind: 'latency', latency_ms: 70, jitter_ms: 0 });
    expect(await roundTrip(client)).toBeGreaterThan(129);
    expect((await stage.proxy.look(link)).map(({ marker }) => marker)).toEqual(['a', 'b']);
  });
});
