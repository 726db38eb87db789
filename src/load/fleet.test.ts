import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sleep } from '../clock/clock.ts';
import { systemClock as clock } from '../clock/system.ts';
import { type Config, configSchema } from '../model/config.ts';
import { constantRate, type Demand } from '../model/demand.ts';
import type { NodeSpec } from '../model/node.ts';
import { MetricsWriter } from '../store/metrics-writer.ts';
import { LoadFleet } from './fleet.ts';
import type { LoadGenerator } from './generator.ts';

let server: Server;
let node: NodeSpec;
let directory: string;
let metrics: MetricsWriter;
let fleet: LoadFleet;
let lost: Error[];

beforeEach(async () => {
  server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  node = { name: 'a', kind: 'http', url: `http://127.0.0.1:${port}`, managed: false };
  directory = await mkdtemp(join(tmpdir(), 'orch-fleet-'));
  lost = [];
});

afterEach(async () => {
  await fleet.close();
  await metrics.close();
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true });
});

const startWallMs = 1_700_000_000_000;

/** Begins a run of so many threads, a little from now. */
async function begin(
  threads: number,
  config: Config = configSchema.parse({}),
  rehearses = false,
): Promise<LoadGenerator> {
  fleet = await LoadFleet.start({ threads, config, seed: 1, nodes: [node], rehearses });
  metrics = await MetricsWriter.create(join(directory, 'metrics.csv'), { startWallMs, onError: () => {} });
  return fleet.begin({
    clock,
    startMs: clock.now() + 100,
    startWallMs,
    untilMs: 60_000,
    phases: [{ name: 'only', startMs: 0, endMs: 60_000 }],
    seed: 1,
    settings: config.load,
    metrics,
    onLost: (error) => lost.push(error),
  });
}

function load(demand: Demand) {
  return { name: 'load', demand, workload: null, nodes: [node], sinceMs: null };
}

/** When each request was due by the file, in microseconds of the run, in order. */
async function dueMicros(): Promise<number[]> {
  await metrics.close();
  const [, ...rows] = (await readFile(join(directory, 'metrics.csv'), 'utf8')).trimEnd().split('\n');
  return rows
    .map((row) => Math.round((Number(row.split(',')[0]) - startWallMs / 1000) * 1e6))
    .sort((a, b) => a - b);
}

describe('a fleet of load threads', () => {
  it('shares a schedule without a gap and without a request too many, and counts what it did', async () => {
    const run = await begin(3);
    run.set(load(constantRate(1000)), 0);
    run.foresee([{ atMs: 1000, name: 'load', load: load(constantRate(500)) }]);
    await sleep(clock, 1700);
    run.foresee([{ atMs: 2000, name: 'load', load: null }]);
    await sleep(clock, 700);
    await run.drain();
    const live = run.sample();
    const { due, counts, workers, lag } = run.report;
    // Even gaps of one millisecond, then of two.
    const expected = Array.from({ length: 1500 }, (_, n) =>
      n < 1000 ? n * 1000 : 1000 + (n - 999) * 2000 + 998_000,
    );
    const found = await dueMicros();
    // Unix time with six decimals as a float is exact to a quarter of a microsecond.
    expect(found.map((at, n) => Math.abs(at - (expected[n] ?? 0))).every((off) => off <= 1)).toBe(true);
    expect(found.length).toBe(1500);
    expect([workers, due, counts]).toEqual([3, 1500, metrics.counts]);
    expect(live.totalDone).toBe(1500);
    expect(await metrics.countRows()).toBe(1500);
    expect(lag?.max_ms).toBeGreaterThanOrEqual(lag?.p99_9_ms ?? Number.NaN);
  });

  it('shares users and the bound in flight', async () => {
    server.removeAllListeners('request');
    server.on('request', (_request, response) => void setTimeout(() => response.end(), 50));
    const config = configSchema.parse({ load: { max_in_flight: 5 } });
    const run = await begin(2, config);
    run.set(load({ model: 'closed', vus: 7, thinkMs: 0 }), 0);
    await sleep(clock, 1000);
    run.stop('load');
    await run.drain();
    const { due, counts } = run.report;
    expect(due).toBe(counts.due);
    // Seven users, of whom two find no room while the other five wait.
    expect(counts.dropped).toBeGreaterThan(0);
    expect(run.sample().inFlight).toBe(0);
  });

  it('sends nothing of a change that was foreseen and then called off', async () => {
    const run = await begin(2);
    run.foresee([{ atMs: 300, name: 'load', load: load(constantRate(1000)) }]);
    run.foresee([]);
    await sleep(clock, 800);
    await run.drain();
    expect(run.report.due).toBe(0);
  });

  it('sends nothing to the nodes when it rehearses', async () => {
    let asked = 0;
    server.on('request', () => (asked += 1));
    const run = await begin(2, configSchema.parse({}), true);
    await run.drain();
    expect([asked, run.report.due]).toEqual([0, 0]);
  });

  it('tells of a thread that fails, and loses no row that was recorded', async () => {
    const run = await begin(2);
    run.set(load(constantRate(1000)), 0);
    let told = 0;
    await expect.poll(() => (told = run.sample().totalDone), { timeout: 20_000 }).toBeGreaterThan(100);
    // There is no target for nodes of that kind: the threads cannot go on.
    run.set({ ...load(constantRate(10)), name: 'other', nodes: [{ ...node, kind: 'redis' }] }, 0);
    await expect.poll(() => lost.length, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(lost[0]?.message).toMatch(/^a load thread failed: load without a node/);
    await run.drain();
    const found = await dueMicros();
    expect(found.length).toBe(metrics.counts.due);
    expect(found.length).toBeGreaterThanOrEqual(told);
  });

  it('sends all that was due before it was stopped, however late the threads are', async () => {
    const run = await begin(2);
    run.set(load(constantRate(2000)), -5000);
    // What was due in five seconds is sent at once: the threads have no time to listen.
    await sleep(clock, 120);
    run.stop('load', 100);
    await run.drain();
    expect(run.report.due).toBe(10_200);
    expect(run.report.counts).toEqual(metrics.counts);
  });

  it('does not begin with a workload that cannot be sent', async () => {
    const config = configSchema.parse({ http_workload: { tls: { ca: '/nowhere' } } });
    const started = begin(1, config);
    await expect(started).rejects.toThrow(/a load thread failed: tls.ca cannot be read/);
    await begin(1);
  });
});
