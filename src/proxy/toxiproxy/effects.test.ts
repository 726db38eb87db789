import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { faultSpec } from '../../model/fault-spec.ts';
import { needs } from '../../testing/requirements.ts';
import { binomial, echoServer, fate, median, receive, roundTrip, sourceServer } from '../stage.fixture.ts';
import type { ToxicKind, ToxicSpec } from '../toxic.ts';
import { ToxiproxyServer } from './server.fixture.ts';
import { toxicsFor } from './toxics.ts';

describe.skipIf(!needs('toxiproxy'))('through a real Toxiproxy', () => {
  let server: ToxiproxyServer;
  let name = '';
  let count = 0;
  beforeAll(async () => {
    server = await ToxiproxyServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    count += 1;
    name = `orch-m-${count}`;
  });

  const link = (to: Server) => server.proxy(name, to);

  /** Sets the toxics of that fault. Resolves to how to take them away. */
  async function set(kind: ToxicKind, parameters: object): Promise<() => Promise<void>> {
    const translated = toxicsFor(faultSpec(kind, parameters) as ToxicSpec, 'm');
    if ('refusal' in translated) throw new Error(translated.refusal);
    for (const toxic of translated.toxics) await server.api.addToxic(name, toxic);
    return async () => {
      for (const toxic of translated.toxics) await server.api.removeToxic(name, toxic.name);
    };
  }

  async function roundTrips(socket: Socket, times: number): Promise<number> {
    const tookMs: number[] = [];
    for (let i = 0; i < times; i += 1) tookMs.push(await roundTrip(socket));
    return median(tookMs);
  }

  it('latency adds 100 ms to a round trip, on an open connection, and none once it is gone', async () => {
    const client = await server.client(await link(echoServer()));
    const beforeMs = await roundTrips(client, 20);
    const clear = await set('latency', { latency_ms: 100 });
    const addedMs = (await roundTrips(client, 21)) - beforeMs;
    await clear();
    expect(addedMs).toBeGreaterThan(98);
    expect(addedMs).toBeLessThan(150);
    expect(await roundTrips(client, 20)).toBeLessThan(50);
  });

  it('bandwidth holds each connection to its rate', async () => {
    const bytes = 300_000;
    const client = await server.client(await link(sourceServer(bytes)));
    await set('bandwidth', { rate_kbit: 2_400 });
    const startMs = performance.now();
    client.write('x');
    expect((await receive(client, bytes)).length).toBe(bytes);
    const kbit = (bytes * 8) / (performance.now() - startMs);
    expect(kbit).toBeLessThan(2_400 * 1.1);
    expect(kbit).toBeGreaterThan(2_400 * 0.5);
  });

  it.each([
    [1, { least: 100, most: 100 }],
    [0, { least: 0, most: 0 }],
    [0.3, binomial(100, 0.3)],
  ])('reset of a share of %f resets so many new connections as they first send', async (share, expected) => {
    const at = await link(echoServer());
    await set('reset', { share });
    let resets = 0;
    for (let i = 0; i < 100; i += 1) {
      const client = await server.client(at);
      client.write('x');
      const how = await Promise.race([
        fate(client, 5_000),
        once(client, 'data').then(() => 'answered', String),
      ]);
      if (how === 'ECONNRESET') resets += 1;
      else expect(how).toBe('answered');
      client.destroy();
    }
    expect(resets).toBeGreaterThanOrEqual(expected.least);
    expect(resets).toBeLessThanOrEqual(expected.most);
  });

  it('a black hole swallows what clients send, leaves connections open, and ends them as it goes', async () => {
    const at = await link(echoServer());
    const open = await server.client(at);
    await roundTrip(open);
    const clear = await set('black_hole', { share: 1 });
    const made = await server.client(at);
    for (const client of [open, made]) client.write('x');
    expect(await Promise.all([open, made].map((client) => fate(client, 300)))).toEqual(['open', 'open']);
    const ends = [open, made].map((client) => fate(client, 5_000));
    await clear();
    expect(await Promise.all(ends)).not.toContain('open');
    await roundTrip(await server.client(at));
  });

  it.each([
    ['in', { sentOn: false, answered: false }],
    ['out', { sentOn: true, answered: false }],
  ] as const)('a partition of what comes %s: %j', async (direction, expected) => {
    const echo = echoServer();
    let arrived = 0;
    echo.on('connection', (socket) => socket.on('data', (data) => (arrived += data.length)));
    const client = await server.client(await link(echo));
    await set('partition', { direction });
    client.write('x');
    expect((await fate(client, 300)) === 'open' && client.bytesRead > 0).toBe(expected.answered);
    expect(arrived > 0).toBe(expected.sentOn);
  });

  it('slow_close lets a client hear later that the node has closed', async () => {
    const closing = echoServer().on('connection', (socket) => socket.once('data', () => socket.end('bye')));
    const at = await link(closing);
    const tookMs = async () => {
      const client = await server.client(at);
      const startMs = performance.now();
      client.write('x');
      expect(await fate(client, 5_000)).toBe('end');
      return performance.now() - startMs;
    };
    expect(await tookMs()).toBeLessThan(200);
    await set('slow_close', { delay_ms: 300 });
    expect(await tookMs()).toBeGreaterThanOrEqual(299);
  });
});
