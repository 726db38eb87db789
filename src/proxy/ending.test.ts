import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenLink } from './link-spec.ts';
import {
  binomial,
  closing,
  echoServer,
  fate,
  receive,
  roundTrip,
  sourceServer,
  Stage,
} from './stage.fixture.ts';

describe('how connections end', () => {
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage(5);
  });
  afterEach(() => stage.close());

  /** Connects and says how that ended; a reset may come before the connection is known to be made. */
  function fateOfNew({ localPort }: OpenLink, withinMs: number): Promise<string> {
    const socket = connect(localPort, '127.0.0.1');
    return fate(socket, withinMs).finally(() => socket.destroy());
  }

  it.each([
    { share: 0, resets: { least: 0, most: 0 } },
    { share: 0.4, resets: binomial(100, 0.4) },
    { share: 1, resets: { least: 100, most: 100 } },
  ])('reset: a share of $share of new connections, and none that is open', async ({ share, resets }) => {
    const server = echoServer();
    let reached = 0;
    server.on('connection', () => (reached += 1));
    const link = await stage.link(server);
    const open = await stage.client(link);
    await roundTrip(open);
    await stage.proxy.set(link, 'm', { kind: 'reset', share, after_bytes: 0 });
    const fates = await Promise.all(Array.from({ length: 100 }, () => fateOfNew(link, 1000)));
    const reset = fates.filter((fate) => fate === 'ECONNRESET').length;
    expect(reset).toBeGreaterThanOrEqual(resets.least);
    expect(reset).toBeLessThanOrEqual(resets.most);
    expect(fates.filter((fate) => fate === 'open').length).toBe(100 - reset);
    expect((await stage.proxy.count(link)).connectionsReset).toBe(reset);
    expect(reached).toBe(101 - reset);
    await roundTrip(open);
  });

  it('reset: after exactly so many bytes from the node, at which the node is reset too', async () => {
    const server = sourceServer(100_000);
    const nodeFate = once(server, 'connection').then(([socket]) => closing(socket as Socket));
    const link = await stage.link(server);
    await stage.proxy.set(link, 'm', { kind: 'reset', share: 1, after_bytes: 54_321 });
    const client = await stage.client(link);
    const received = receive(client, 100_000);
    const ended = fate(client, 5000);
    client.write('x');
    expect(await ended).toBe('ECONNRESET');
    expect((await received).length).toBe(54_321);
    expect(await nodeFate).toBe(true);
  });

  it('reset: cleared before it came to it, the connection goes on', async () => {
    const link = await stage.link(sourceServer(1000));
    await stage.proxy.set(link, 'm', { kind: 'reset', share: 1, after_bytes: 1500 });
    const client = await stage.client(link);
    client.write('x');
    await receive(client, 1000);
    await stage.proxy.clear(link, 'm');
    client.write('x');
    expect((await receive(client, 1000)).length).toBe(1000);
  });

  it('slow_close: the end comes later by what was asked for, and cleared it comes at once', async () => {
    const link = await stage.link(createServer((socket) => socket.end('bye')));
    await stage.proxy.set(link, 'm', { kind: 'slow_close', delay_ms: 400 });
    const client = await stage.client(link);
    const startMs = performance.now();
    await receive(client, 3);
    expect(performance.now() - startMs).toBeLessThan(350);
    expect(await fate(client, 5000)).toBe('end');
    expect(performance.now() - startMs).toBeGreaterThan(390);

    await stage.proxy.set(link, 'm', { kind: 'slow_close', delay_ms: 60_000 });
    const other = await stage.client(link);
    await receive(other, 3);
    const ended = fate(other, 5000);
    await stage.proxy.clear(link, 'm');
    expect(await ended).toBe('end');
  });
});
