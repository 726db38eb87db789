import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultEvent, RunEvent } from '../src/model/event.ts';
import { needs } from '../src/testing/requirements.ts';
import { ComposeStack } from './compose-stack.ts';
import { root, Workshop } from './support.ts';

/** The scenarios of a deployment and of a failover, as they are shipped, with short times. */

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const set = (values: Readonly<Record<string, number>>) =>
  Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
const faults = (run: string) =>
  shop.events(run).filter((event): event is FaultEvent => event.type === 'fault');

async function run(scenario: string, id: string, driver: string, values: Readonly<Record<string, number>>) {
  const args = ['--scenario', join(root, `scenarios/${scenario}.yaml`), '--run-id', id, '--driver', driver];
  const { code, stderr } = await shop.orch(['run', ...args, ...set(values)]);
  expect(code, stderr).toBe(0);
}

const times = { warmup_sec: 3, drain_sec: 0.5, calm_sec: 1, restarts_sec: 12, rps: 100 };

/** Restarts all three HTTP nodes; not a single request may be lost by it. */
async function restartsAll(driver: string): Promise<void> {
  await run('rolling_restart', 'r', driver, times);
  const { counts } = shop.manifest('r');
  expect(counts).toMatchObject({ fail: 0, unknown: 0, dropped: 0 });
  expect(counts.ok).toBe(counts.due);
  expect(counts.due).toBeGreaterThan(1500);
  expect(faults('r').map(({ node, state }) => `${node} ${state}`)).toEqual(
    ['service-node-1', 'service-node-2', 'service-node-3'].flatMap((node) =>
      ['requested', 'effective', 'undo_requested', 'undone', 'verified'].map((state) => `${node} ${state}`),
    ),
  );
  for (const { node, loadedSec } of absences()) {
    // Nothing was sent to it while it was out, and it took load again thereafter.
    const sent = shop.rows('r').map((row) => row.split(','));
    const own = sent.filter(([, name]) => name === node).map(([timestamp]) => Number(timestamp));
    expect(own.filter((second) => second > loadedSec.until && second < loadedSec.from)).toEqual([]);
    expect(own.some((second) => second < loadedSec.until)).toBe(true);
    expect(own.some((second) => second > loadedSec.from)).toBe(true);
  }
}

/** Until when, and from when again, each node was among those that took load. */
function absences(): { node: string; loadedSec: { until: number; from: number } }[] {
  const changes = shop.events('r').filter((event) => event.type === 'load_changed');
  return ['service-node-1', 'service-node-2', 'service-node-3'].map((node) => {
    const out = changes.findIndex(({ rps, nodes }) => rps > 0 && !nodes.includes(node));
    // A request that was due before the change may still be on its way to the node.
    const marginSec = 0.05;
    const until = (changes[out]?.wall_sec ?? Number.NaN) + marginSec;
    return { node, loadedSec: { until, from: (changes[out + 1]?.wall_sec ?? Number.NaN) - marginSec } };
  });
}

const short = { calm_sec: 3, detect_sec: 2, down_sec: 4 };

/** Kills the primary and has its replica take over; what was asked of it meanwhile has failed, and nothing else. */
async function failsOver(driver: string): Promise<void> {
  await run('redis_primary', 'calm', driver, { calm_sec: 7 });
  await run('redis_failover', 'r', driver, short);
  expect(faults('r').map(({ node, kind, state }) => `${kind} ${node} ${state}`)).toEqual(
    ['requested', 'effective', 'undo_requested', 'undone', 'verified'].map(
      (state) => `kill redis-node-1 ${state}`,
    ),
  );
  const events = shop.events('r');
  const of = <T extends RunEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
  const checks = of('check').map(({ moment, name, holds }) => `${moment} ${name} ${holds}`);
  expect(checks).toEqual(
    ['before', 'after'].flatMap((moment) => [
      `${moment} the primary is a master true`,
      `${moment} the replica follows it true`,
    ]),
  );
  expect(
    of('activity').flatMap(({ what, state }) => (state === 'started' ? [] : [`${what} ${state}`])),
  ).toEqual([
    'REPLICAOF on redis-node-2 succeeded',
    'REPLICAOF on redis-node-1 succeeded',
    'FAILOVER on redis-node-2 succeeded',
    'REPLICAOF on redis-node-1 succeeded',
    'REPLICAOF on redis-node-2 succeeded',
  ]);
  expect(of('condition').every(({ holds }) => holds)).toBe(true);

  const failed = shop
    .rows('r')
    .map((row) => row.split(','))
    .filter((columns) => !columns.includes('ok'));
  expect(failed.length).toBeGreaterThan(60);
  expect(new Set(failed.map(([, node]) => node))).toEqual(new Set(['redis-node-1']));
  expect(failed.every((columns) => columns.includes('outage'))).toBe(true);

  const { code } = await shop.orch(['analyze', '--baseline', 'calm', '--run', 'r']);
  expect(code).toBe(0);
  const analysis = shop.analysis('r');
  expect(analysis).toMatchObject({ conclusive: true, recovered: true });
  // The two seconds until somebody decided that the primary was gone, in whole seconds.
  expect(analysis.anomaly_windows).toHaveLength(1);
  expect(analysis.recovery_time_sec).toBeGreaterThanOrEqual(1);
  expect(analysis.recovery_time_sec).toBeLessThanOrEqual(4);
}

/** Cuts the replica off from the primary, which goes on without it. */
async function parts(driver: string, means: string): Promise<void> {
  await run('redis_partition', 'r', driver, { calm_sec: 2, cut_sec: 3, rps: 50 });
  expect(faults('r').map(({ node, kind, state }) => `${kind} ${node} ${state}`)).toEqual(
    ['requested', 'effective', 'undo_requested', 'undone', 'verified'].map(
      (state) => `partition redis-node-2 ${state}`,
    ),
  );
  expect(faults('r')[0]?.undo?.means).toBe(means);
  const { ok, due } = shop.manifest('r').counts;
  expect(due).toBeGreaterThan(300);
  expect(ok).toBe(due);
}

describe('on embedded nodes', () => {
  it('a rolling restart loses no request', { timeout: 90_000 }, () => restartsAll('process'));

  it.skipIf(!needs('redis'))(
    'a Redis failover costs what it took to decide on',
    { timeout: 120_000 },
    async () => {
      shop.write('config.yaml', readFileSync(join(root, 'config.replicas.yaml'), 'utf8'));
      await failsOver('process');
    },
  );

  it.skipIf(!needs('redis'))('a Redis replica is parted from its primary', { timeout: 60_000 }, async () => {
    shop.write('config.yaml', readFileSync(join(root, 'config.replicas.yaml'), 'utf8'));
    await parts('process', 'proxy');
  });
});

describe.skipIf(!needs('docker') || !needs('compose'))('on containers', () => {
  const stack = new ComposeStack('failover', 'docker-compose.replicas.yml');
  beforeAll(() => stack.up());
  afterAll(() => stack.down());
  beforeEach(() => shop.write('config.yaml', stack.config.join('\n')));
  const redis = (node: string, ...words: string[]) =>
    stack.compose('exec', '-T', node, 'redis-cli', ...words).trim();

  it('a rolling restart loses no request', { timeout: 90_000 }, () => restartsAll('docker'));

  it.skipIf(!needs('nsenter'))(
    'a Redis replica is parted from its primary, and catches up',
    { timeout: 60_000 },
    async () => {
      await parts('docker', 'iptables');
      const counter = redis('redis-node-1', 'get', 'orch:counter');
      expect(Number(counter)).toBeGreaterThan(0);
      expect(redis('redis-node-2', 'get', 'orch:counter')).toBe(counter);
    },
  );

  it('a Redis failover costs what it took to decide on, and no data', { timeout: 120_000 }, async () => {
    redis('redis-node-1', 'del', 'orch:counter');
    await failsOver('docker');
    expect(redis('redis-node-1', 'role').split('\n')[0]).toBe('master');
    expect(redis('redis-node-2', 'role').split('\n').slice(0, 4)).toEqual([
      'slave',
      'redis-node-1',
      '6379',
      'connected',
    ]);
    // Each request counts one up. What was answered just before the kill may not have come to the replica.
    const counted = shop.manifest('calm').counts.ok + shop.manifest('r').counts.ok;
    const counter = Number(redis('redis-node-1', 'get', 'orch:counter'));
    expect(counter).toBeGreaterThanOrEqual(counted - 5);
    expect(counter).toBeLessThanOrEqual(counted + 5);
    expect(Number(redis('redis-node-2', 'get', 'orch:counter'))).toBe(counter);
  });
});
