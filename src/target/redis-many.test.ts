import { execFile, type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';
import { asked } from '../testing/asked.ts';
import { killed } from '../testing/killed.ts';
import { needs } from '../testing/requirements.ts';
import { createRedisTarget } from './redis.ts';
import { redisWrites } from './redis-writes.ts';
import { eventually, freePort } from './target.contract.ts';
import type { Target } from './target.ts';

const run = promisify(execFile);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A redis-server on a port, in a directory of its own. */
class Server {
  readonly port: number;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
    closers.push(() => this.kill());
  }

  async start(): Promise<this> {
    const directory = mkdtempSync(join(tmpdir(), 'orch-redis-'));
    closers.push(() => rmSync(directory, { recursive: true, force: true }));
    this.#child = spawn('redis-server', this.#args, { cwd: directory, stdio: 'ignore' });
    await eventually(async () => (await this.ask('PING').catch(() => '')).startsWith('PONG'));
    return this;
  }

  async ask(...command: readonly string[]): Promise<string> {
    const { stdout } = await run('redis-cli', ['-p', String(this.port), ...command], { timeout: 5000 });
    return stdout;
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await killed(child);
  }
}

async function server(...options: readonly string[]): Promise<Server> {
  const port = await freePort();
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', ...options];
  return await new Server(port, args).start();
}

function target(...commands: readonly (readonly string[])[]): Target {
  const created = createRedisTarget({
    workload: commands.map((each) => ({
      weight: 1,
      commands: [...each],
      keys: { count: 10_000, prefix: 'k', distribution: 'uniform' },
    })),
    workloads: {},
    feeds: {},
    seed: 1,
  });
  closers.push(() => created.close());
  return created;
}

const node = (url: string): NodeSpec => ({ name: 'n', kind: 'redis', url, managed: false });
const send = (by: Target, spec: NodeSpec, seq: number, pick = 0, timeoutMs = 5000): Promise<Reply> =>
  asked(by, spec, by.operation(pick, null), timeoutMs, seq);
const outcomes = (replies: readonly Reply[]) => [...new Set(replies.map(({ outcome }) => outcome))];
const many = (by: Target, spec: NodeSpec, count: number, pick = 0, timeoutMs = 5000) =>
  Promise.all(Array.from({ length: count }, (_, seq) => send(by, spec, seq, pick, timeoutMs)));

/** How many of so many tokens are acknowledged and there once. They are taken away again. */
async function writtenOnce(spec: NodeSpec, count: number): Promise<number> {
  const store = redisWrites({ prefix: 'tokens', timeoutMs: 5000, wait: 0 });
  closers.push(() => store.close());
  const replies = await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const { outcome } = await store.write(spec, `t.${number}`);
      return { outcome, ...(await store.read(spec, `t.${number}`)) };
    }),
  );
  await store.tidy(spec);
  return replies.filter((reply) => reply.outcome === 'acknowledged' && 'times' in reply && reply.times === 1)
    .length;
}

/** Three masters, each with a third of the slots, and a replica of the first where asked for. */
async function cluster(replicas = 0): Promise<readonly Server[]> {
  const mode = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'];
  const servers: Server[] = [];
  for (let count = 0; count < 3 + replicas; count += 1) {
    // The cluster's bus is on another port, which must be a port too.
    const port = 10_000 + Math.floor((await freePort()) / 2);
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--save', '', ...mode];
    servers.push(await new Server(port, [...args, '--cluster-port', String(await freePort())]).start());
  }
  const addresses = servers.slice(0, 3).map(({ port }) => `127.0.0.1:${port}`);
  await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { timeout: 30_000 });
  const [first] = servers;
  const master = (await first?.ask('CLUSTER', 'MYID'))?.trim() ?? '';
  for (const replica of servers.slice(3)) {
    const at = ['add-node', `127.0.0.1:${replica.port}`, `127.0.0.1:${first?.port}`];
    await run('redis-cli', ['--cluster', ...at, '--cluster-slave', '--cluster-master-id', master], {
      timeout: 30_000,
    });
    await eventually(async () =>
      (await replica.ask('INFO', 'replication')).includes('master_link_status:up'),
    );
  }
  await eventually(async () => {
    const states = await Promise.all(servers.map((one) => one.ask('CLUSTER', 'INFO')));
    return states.every((state) => state.includes('cluster_state:ok'));
  });
  return servers;
}

describe.skipIf(!needs('redis'))('a cluster', { timeout: 120_000 }, () => {
  test('each command goes to the node that has its key, whichever was named; MOVED and ASK are followed', async () => {
    const servers = await cluster();
    const spec = node(`redis+cluster://127.0.0.1:${servers[0]?.port}`);
    const by = target(['SET {{key}} v', 'GET {{key}}'], ['SET {{{key}}}a 1', 'SET other{{{key}}} 2']);
    await by.open([spec]);
    expect(await by.probe(spec, 5000)).toBeNull();
    expect(outcomes(await many(by, spec, 300))).toEqual(['ok']);
    expect(outcomes(await many(by, spec, 100, 0.9))).toEqual(['ok']);
    const keys = await Promise.all(servers.map(async (one) => Number(await one.ask('DBSIZE'))));
    for (const count of keys) expect(count).toBeGreaterThan(50);
    expect(await writtenOnce(spec, 40)).toBe(40);
    const left = await Promise.all(servers.map(async (one) => Number(await one.ask('DBSIZE'))));
    expect(left).toEqual(keys);
    // A slot in which there are keys moves from the first node to the second, and stands between for a while.
    const [from, to] = servers;
    const key = 'k77';
    await to?.ask('-c', 'SET', key, '1');
    const slot = (await from?.ask('CLUSTER', 'KEYSLOT', key))?.trim() ?? '';
    const owners = await Promise.all(
      servers.map(async (one) => !(await one.ask('GET', key)).startsWith('MOVED')),
    );
    const owner = servers[owners.indexOf(true)];
    const heir = servers.find((one) => one !== owner);
    const idOf = async (one: Server | undefined) => (await one?.ask('CLUSTER', 'MYID'))?.trim() ?? '';
    await heir?.ask('CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(owner));
    await owner?.ask('CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(heir));
    const asked = target([`SET {${key}}new 1`], [`GET {${key}}new`]);
    await asked.open([spec]);
    // Of a slot that moves, a key that is not there is asked for where it goes.
    expect(outcomes(await many(asked, spec, 5))).toEqual(['ok']);
    expect(Number(await heir?.ask('CLUSTER', 'COUNTKEYSINSLOT', slot))).toBe(1);
    for (const one of servers) await one.ask('CLUSTER', 'SETSLOT', slot, 'NODE', await idOf(heir));
    await owner?.ask('CLUSTER', 'SETSLOT', slot, 'NODE', await idOf(heir));
    expect(outcomes(await many(asked, spec, 5, 0.9))).toEqual(['ok']);
  });

  test('a master that is killed fails its share of the keys, until its replica has its place', async () => {
    const servers = await cluster(1);
    const spec = node(`redis+cluster://127.0.0.1:${servers[1]?.port}`);
    const by = target(['SET {{key}} v']);
    await by.open([spec]);
    expect(outcomes(await many(by, spec, 100))).toEqual(['ok']);
    await servers[0]?.kill();
    const during = await many(by, spec, 100);
    expect(during.length).toBe(100);
    expect(outcomes(during)).toContain('fail');
    await eventually(async () => outcomes(await many(by, spec, 100)).join() === 'ok');
  });

  test('a node that hangs is unknown for its share of the keys alone, and nothing piles up', async () => {
    const servers = await cluster();
    const spec = node(`redis+cluster://127.0.0.1:${servers[1]?.port}`);
    const by = target(['SET {{key}} v']);
    await by.open([spec]);
    expect(outcomes(await many(by, spec, 100))).toEqual(['ok']);
    servers[0]?.freeze();
    const during = await many(by, spec, 100, 0, 300);
    expect(outcomes(during).toSorted()).toEqual(['ok', 'unknown']);
    expect(during.filter(({ outcome }) => outcome === 'unknown').length).toBeLessThan(60);
  });

  test('a cluster of which no node is there fails at once', async () => {
    const spec = node(`redis+cluster://127.0.0.1:${await freePort()}`);
    const by = target(['PING']);
    await by.open([spec]);
    await eventually(async () => (await send(by, spec, 0)).error === 'connection_closed');
    expect(await by.probe(spec, 5000)).not.toBeNull();
  });

  test('a node that is in no cluster is named as such, before a run and in each row', async () => {
    const { port } = await server();
    const spec = node(`redis+cluster://127.0.0.1:${port}`);
    const by = target(['PING']);
    expect(await by.probe(spec, 5000)).toBe('no_cluster');
    expect(await by.probe(node(`redis://127.0.0.1:${port}`), 5000)).toBeNull();
    await by.open([spec]);
    expect(await send(by, spec, 0)).toEqual({ outcome: 'fail', status: 0, error: 'no_cluster' });
  });
});

/** A Sentinel that watches a master on its own: one vote is enough. */
async function sentinel(master: Server): Promise<Server> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'orch-sentinel-'));
  closers.push(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'sentinel.conf');
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor mymaster 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds mymaster 500',
    'sentinel failover-timeout mymaster 3000',
  ];
  writeFileSync(file, lines.join('\n'));
  return await new Server(port, [file, '--sentinel']).start();
}

describe.skipIf(!needs('redis'))('behind a Sentinel', { timeout: 120_000 }, () => {
  async function pair() {
    const master = await server();
    const replica = await server('--replicaof', `127.0.0.1 ${master.port}`);
    const watcher = await sentinel(master);
    await eventually(async () =>
      (await watcher.ask('SENTINEL', 'REPLICAS', 'mymaster')).includes(String(replica.port)),
    );
    await eventually(async () =>
      (await replica.ask('INFO', 'replication')).includes('master_link_status:up'),
    );
    const spec = node(`redis+sentinel://127.0.0.1:${watcher.port}/mymaster`);
    const by = target(['SET {{key}} v']);
    await by.open([spec]);
    return { master, replica, watcher, spec, by };
  }

  test.each(['kill', 'freeze'] as const)('the master is found again after a failover (%s)', async (how) => {
    const { master, replica, spec, by } = await pair();
    expect(await by.probe(spec, 5000)).toBeNull();
    expect(outcomes(await many(by, spec, 20))).toEqual(['ok']);
    await master[how]();
    expect(outcomes(await many(by, spec, 20, 0, 300))).not.toContain('ok');
    await eventually(async () => outcomes(await many(by, spec, 20, 0, 300)).join() === 'ok');
    expect(await replica.ask('ROLE')).toMatch(/^master/);
  });

  test('a master that became a replica is left for the new one', async () => {
    const { replica, watcher, spec, by } = await pair();
    expect(outcomes(await many(by, spec, 20))).toEqual(['ok']);
    await watcher.ask('SENTINEL', 'FAILOVER', 'mymaster');
    await eventually(async () => (await replica.ask('ROLE')).startsWith('master'));
    await eventually(async () => outcomes(await many(by, spec, 20)).join() === 'ok');
    expect(await writtenOnce(spec, 40)).toBe(40);
  });

  test('a name that the Sentinel does not know is no master', async () => {
    const { watcher } = await pair();
    const spec = node(`redis+sentinel://127.0.0.1:${watcher.port}/other`);
    const by = target(['PING']);
    await by.open([spec]);
    await eventually(async () => (await send(by, spec, 0)).error === 'no_master');
    expect(await by.probe(spec, 5000)).not.toBeNull();
  });
});
