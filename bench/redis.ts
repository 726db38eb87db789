import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../src/model/manifest.ts';
import { measured } from './measured.ts';
import { given } from './options.ts';
import { orchRun } from './orch.ts';
import { program } from './peers.ts';
import { redisServer } from './redis-server.ts';
import { type Comparison, ratioTable } from './table.ts';

/** `node bench/redis.ts [--rounds N] [--sec N]`: GET of one key, beside redis-benchmark. See bench/README.md. */
const values = given('redis');
const [rounds, sec] = [Number(values.rounds), Number(values.sec)];
/** orch has one connection to a node. Both may have that many commands on their way on it. */
const [connections, pipeline] = [1, 50];
/** Commands of one run of redis-benchmark: some seconds of them. */
const count = 4_000_000;

interface Figures {
  readonly rps: number;
  /** CPU time, by command. */
  readonly micros: number;
}

const home = mkdtempSync(join(tmpdir(), 'orch-bench-'));
const benchmark = program('redis-benchmark');
const server = await redisServer(home);
if (server === null) process.stdout.write('redis-server is not here\n');
else {
  try {
    await compare(server.url, benchmark);
  } finally {
    await server.close();
  }
}
rmSync(home, { recursive: true, force: true });

async function compare(url: string, benchmark: readonly string[] | null): Promise<void> {
  const ours: Figures[] = [];
  const theirs: Figures[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await ofOrch(url));
    if (benchmark !== null) theirs.push(await ofBenchmark(benchmark, url));
  }
  const row = (what: string, key: keyof Figures): Comparison => ({
    what,
    peer: 'redis-benchmark',
    ours: ours.map((each) => each[key]),
    theirs: benchmark === null ? null : theirs.map((each) => each[key]),
  });
  const rows = [
    { ...row('commands a second', 'rps'), goal: { atLeast: 0.9 } },
    row('CPU µs a command', 'micros'),
  ];
  const what = `${connections} connection, ${pipeline} commands in flight; ${rounds} rounds of ${sec} s`;
  process.stdout.write(`${what}\n\n${ratioTable(rows)}\n`);
}

async function ofOrch(url: string): Promise<Figures> {
  const dir = mkdtempSync(join(home, 'run-'));
  const workload = { redis_workload: [{ commands: ['GET bench'] }] };
  const run = orchRun({ mode: 'redis', url, rps: null, sec, users: pipeline, workload, dir });
  const { cpuSec } = await measured(run, dir);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- orch wrote it a moment ago.
  const { counts } = JSON.parse(readFileSync(join(dir, 'runs/bench/manifest.json'), 'utf8')) as Manifest;
  rmSync(dir, { recursive: true });
  return { rps: counts.ok / sec, micros: (cpuSec * 1e6) / counts.ok };
}

async function ofBenchmark(benchmark: readonly string[], url: string): Promise<Figures> {
  const shape = ['-c', String(connections), '-P', String(pipeline), '-n', String(count)];
  const words = [...benchmark, '-p', new URL(url).port, ...shape, '--csv', 'GET', 'bench'];
  const { cpuSec, stdout } = await measured({ words }, home);
  const [, rps] = stdout.trim().split('\n').at(-1)?.replaceAll('"', '').split(',') ?? [];
  return { rps: Number(rps), micros: (cpuSec * 1e6) / count };
}
