import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { needs } from '../testing/requirements.ts';
import type { OpenLink } from './link-spec.ts';
import { Proxy } from './proxy.ts';
import { portOf } from './stage.fixture.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  return port;
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

describe.skipIf(!needs('redis'))('the proxy before a redis-server', () => {
  let home: string;
  let server: ChildProcess;
  let proxy: Proxy;
  let link: OpenLink;
  let redis: Redis;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'orch-proxy-redis-'));
    const port = await freePort();
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', home];
    server = spawn('redis-server', options, { stdio: 'ignore' });
    await vi.waitUntil(() => answers(port), { timeout: 10_000 });
    proxy = new Proxy({ seed: 1, onLost: () => {} });
    link = await proxy.open({ node: 'redis', from: 'clients', protocol: 'tcp', host: '127.0.0.1', port });
    redis = new Redis(link.localPort, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: 0 });
    redis.on('error', () => {});
  });

  afterAll(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    redis.disconnect();
    await proxy.close();
    await rm(home, { recursive: true });
  });

  async function pings(count: number): Promise<number> {
    const tookMs: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const startMs = performance.now();
      await redis.ping();
      tookMs.push(performance.now() - startMs);
    }
    // A machine that has much else to do only adds: the quickest shows what the proxy does.
    return Math.min(...tookMs);
  }

  it('passes on what is set and got, large values too', async () => {
    const value = 'v'.repeat(3_000_000);
    await redis.set('key', value);
    expect(await redis.get('key')).toBe(value);
  });

  it('moves its latency by 100 ms, within 2 ms, and back', async () => {
    const before = await pings(40);
    await proxy.set(link, 'm', { kind: 'latency', latency_ms: 100, jitter_ms: 0 });
    const during = await pings(31);
    await proxy.clear(link, 'm');
    expect(Math.abs(during - before - 100)).toBeLessThan(2);
    expect(await pings(40)).toBeLessThan(50);
  });

  it('leaves commands unanswered in a partition, and answers them once it is healed', async () => {
    await proxy.set(link, 'm', { kind: 'partition', from: 'clients', direction: 'both' });
    let answered = false;
    const counted = redis.incr('count').finally(() => (answered = true));
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    expect(answered).toBe(false);
    await proxy.clear(link, 'm');
    expect(await counted).toBe(1);
  });

  it('resets in mid-answer: a client that connects anew is reset again, until it is cleared', async () => {
    await proxy.set(link, 'm', { kind: 'reset', share: 1, after_bytes: 1000 });
    redis.disconnect(true);
    await once(redis, 'connect');
    await expect(redis.get('key')).rejects.toThrow();
    await proxy.clear(link, 'm');
    await expect.poll(() => redis.ping().catch(() => 'failed')).toBe('PONG');
  });
});
