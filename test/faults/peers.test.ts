import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { freePort } from '../../src/control/ports.ts';
import { askRedis } from '../../src/target/redis.ts';
import { needs } from '../../src/testing/requirements.ts';
import { said, Workshop } from '../support.ts';
import { livesOf, meansOf, plannedMeans } from './expectations.ts';

/** Each run takes its time, and little else. */
vi.setConfig({ maxConcurrency: 3, testTimeout: 60_000 });

/** Two Redis nodes, the second of which replicates the first, and a run that parts them. */
class Pair implements Disposable {
  readonly shop = new Workshop();
  readonly first: string;
  readonly second: string;

  constructor(ports: readonly number[]) {
    const [first, second] = ports.map((port) => `redis://127.0.0.1:${port}`);
    this.first = first ?? '';
    this.second = second ?? '';
    this.shop.write(
      'config.yaml',
      [
        `redis_nodes: [${first}, ${second}]`,
        'redis_services: [redis-node-1, redis-node-2]',
        'control: { driver: process, process: { replicas: { redis-node-2: redis-node-1 } } }',
        // What a replica answers as well.
        'redis_workload: [{ commands: ["GET key"] }]',
      ].join('\n'),
    );
  }

  /** Load on both of them, and six seconds in which they are parted. */
  scenario(partition: string, ...before: readonly string[]): void {
    const commands = before.map((command) => `{ type: redis_command, ${command} }`);
    const lines = [
      'name: s',
      'mode: redis',
      'phases:',
      '  - { name: warmup, duration_sec: 1, actions: [{ type: start_load, target: all_nodes, rps: 40 }] }',
      `  - { name: roles, duration_sec: 3, actions: [${commands.join(', ')}] }`,
      `  - { name: cut, duration_sec: 6, actions: [{ type: partition, ${partition}, duration_sec: 6 }] }`,
      '  - { name: recovery, duration_sec: 2 }',
    ];
    this.shop.write('s.yaml', lines.join('\n'));
  }

  /** Resolves once the run has said that. */
  async runUntil(what: RegExp) {
    const { child, done } = this.shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    const over = said(child, /partition \S+: undone/);
    over.catch(() => {});
    await said(child, what);
    return { over, done };
  }

  [Symbol.dispose](): void {
    this.shop.close();
  }
}

const pair = async () => new Pair([await freePort(), await freePort()]);
const ask = (url: string, ...words: string[]) => askRedis(url, words, AbortSignal.timeout(2_000));
const valueAt = (url: string) => ask(url, 'GET', 'key');

/** A replica tells its primary every second how far it is; this is for how many it has not. */
async function silentSec(primary: string): Promise<number> {
  const info = await ask(primary, 'INFO', 'replication');
  return Number(typeof info === 'string' && /^slave0:.*lag=(\d+)/m.exec(info)?.[1]);
}

async function comes(withinSec: number, holds: () => Promise<boolean>): Promise<boolean> {
  const deadlineMs = performance.now() + withinSec * 1000;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) return false;
    await sleep(50);
  }
  return true;
}

const effective = /partition \S+: effective/;
const cut = 'target: redis-node-2, from: [redis-node-1]';

describe.skipIf(!needs('redis')).concurrent('a partition between embedded Redis nodes', () => {
  const cases = [
    { who: 'replica, both ways', parted: cut, writesArrive: false, isHeard: false },
    { who: 'replica, what comes in', parted: `${cut}, direction: in`, writesArrive: false, isHeard: true },
    { who: 'replica, what goes out', parted: `${cut}, direction: out`, writesArrive: true, isHeard: false },
    {
      who: 'primary, what comes in',
      parted: 'target: redis-node-1, from: [redis-node-2], direction: in',
      writesArrive: true,
      isHeard: false,
    },
  ];
  it.each(cases)(
    'of the $who: writes reach the replica $writesArrive, its acknowledgements the primary $isHeard, clients notice nothing',
    async ({ parted, writesArrive, isHeard }) => {
      using system = await pair();
      const { shop, first, second } = system;
      system.scenario(parted);
      const { stdout } = await shop.orch(['plan', 's.yaml', '--json']);
      expect(Object.fromEntries(plannedMeans(stdout))).toEqual({ partition: 'proxy' });

      const { over, done } = await system.runUntil(effective);
      await ask(first, 'SET', 'key', 'during');
      await sleep(3_000);
      expect(await valueAt(second)).toBe(writesArrive ? 'during' : null);
      const hears = async () => (await silentSec(first)) < 2;
      expect(await comes(1.5, hears)).toBe(isHeard);
      await over;
      expect(await comes(2, async () => (await valueAt(second)) === 'during')).toBe(true);
      expect(await comes(2, hears)).toBe(true);

      const { code, stderr } = await done;
      expect(code, stderr).toBe(0);
      const { due, ok } = shop.manifest('r').counts;
      expect(due).toBeGreaterThan(300);
      expect(ok).toBe(due);
      expect(livesOf(shop, 'r').map(({ states }) => states.join(' '))).toEqual([
        'requested effective undo_requested undone verified',
      ]);
      expect([...meansOf(shop, 'r').values()]).toEqual(['proxy']);
    },
  );

  const swap = (host: string, port: string) => [
    'node: redis-node-2, command: [REPLICAOF, "NO", ONE]',
    `node: redis-node-1, command: [REPLICAOF, ${host}, ${port}]`,
  ];

  it('holds where the primary has become the replica, told of the other by its name', async () => {
    using system = await pair();
    const { first, second } = system;
    system.scenario(cut, ...swap('{ host_of: redis-node-2 }', '{ port_of: redis-node-2 }'));
    const { over, done } = await system.runUntil(effective);
    await ask(second, 'SET', 'key', 'during');
    await sleep(1_000);
    expect(await valueAt(first)).toBeNull();
    await over;
    expect(await comes(2, async () => (await valueAt(first)) === 'during')).toBe(true);
    const { code, stderr } = await done;
    expect(code, stderr).toBe(0);
  });

  const past = [
    ['was told the other’s own port', ({ second }: Pair) => swap('127.0.0.1', new URL(second).port)],
    ['found the other by FAILOVER', () => ['node: redis-node-1, command: [FAILOVER]']],
  ] as const;
  it.each(past)('is found to part nobody where one %s', async (_, commands) => {
    using system = await pair();
    const { shop, first, second } = system;
    system.scenario(cut, ...commands(system));
    const { done } = await system.runUntil(/partition \S+: asked for/);
    await ask(second, 'SET', 'key', 'during');
    expect(await comes(2, async () => (await valueAt(first)) === 'during')).toBe(true);
    const { code, stderr } = await done;
    expect(code, stderr).toBe(2);
    const told = shop.events('r').find((event) => event.type === 'fault' && event.state === 'ineffective');
    expect(told).toMatchObject({ detail: expect.stringMatching(/^no effect was seen: .*connections: 0$/) });
  });
});
