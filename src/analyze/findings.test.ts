import { describe, expect, it, test } from 'vitest';
import { configSchema } from '../model/config.ts';
import type { FaultState, Rescuer, Unstamped } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { metricsColumns } from '../store/columns.ts';
import { csvOf, eventsOf, manifestOf, type Row, type RunFiles, rowsAt, runOf } from '../testing/run-files.ts';
import { analyzeRuns } from './analyze.ts';

const thresholds = configSchema.parse({}).anomaly_detection;
const calm = csvOf(rowsAt({ from: 1000, rps: 50, count: 500 }));
const counts = { due: 500, ok: 500, fail: 0, unknown: 0, dropped: 0 };

async function found(run: RunFiles, baseline: RunFiles = {}) {
  const { warnings, conclusive } = await analyzeRuns({
    baseline: await runOf({ 'metrics.csv': calm, ...baseline }, 'base'),
    run: await runOf({ 'metrics.csv': calm, ...run }, 'run'),
    thresholds,
  });
  return { warnings, conclusive };
}

const manifest = (change: Partial<Manifest>) => ({ 'manifest.json': manifestOf({ counts, ...change }) });
const generator = {
  workers: 1,
  event_loop_delay: null,
  in_flight_max: 3,
  dropped: 0,
  behind_sec: 1,
  bottleneck: false,
};
const fault = (state: FaultState, by?: Rescuer): Unstamped => ({
  type: 'fault',
  id: 'f1',
  kind: 'kill',
  node: 'b',
  phase: 'failure',
  state,
  ...(by === undefined ? {} : { by }),
});

test('a run and a baseline that are whole and alike leave nothing to say', async () => {
  expect(await found(manifest({}), manifest({}))).toEqual({ warnings: [], conclusive: true });
});

test.each<[string, RunFiles, string]>([
  [
    'was interrupted',
    manifest({ status: 'interrupted', reason: 'SIGINT' }),
    'run: it was interrupted: SIGINT',
  ],
  [
    'has lost rows',
    manifest({ counts: { ...counts, due: 501 } }),
    'run: its manifest counts 501 requests, metrics.csv holds 500',
  ],
  [
    'lagged',
    manifest({ schedule_lag: { p50_ms: 1, p99_ms: 80.4, max_ms: 90 } }),
    'run: the generator lagged behind its schedule (p99 80 ms), which is part of the latencies',
  ],
  [
    'lagged much for its last requests, and says that this changed nothing',
    manifest({ schedule_lag: { p50_ms: 1, p99_ms: 1200, max_ms: 1300 }, generator }),
    'run: the generator lagged behind its schedule (p99 1200 ms), which is part of the latencies',
  ],
  [
    'saw the clock step',
    manifest({ clock_offset_ms: -1500 }),
    'run: the wall clock was moved by -1500 ms while it ran',
  ],
  ['has half an event', { 'events.jsonl': '{"type":' }, 'run: events.jsonl line 1 is cut off'],
  [
    'has half a row',
    { 'metrics.csv': `${calm}1010.00` },
    'run: the last line of metrics.csv, 502, is cut off',
  ],
  [
    'has a broken row',
    { 'metrics.csv': `${calm}x\n` },
    'run: 1 row of metrics.csv left out (line 502: has 1 field, not 5)',
  ],
  [
    'could not be mended',
    {
      'events.jsonl': eventsOf(1000, [
        [3, fault('requested')],
        [3, fault('effective')],
        [9, fault('undo_failed')],
      ]),
    },
    'run: the fault f1 (kill b) could not be undone',
  ],
  [
    'left a fault in force that was undone after it',
    {
      'events.jsonl': eventsOf(1000, [
        [3, fault('requested')],
        [3, fault('effective')],
        [9, fault('undo_failed')],
        [60, fault('undo_requested', 'recover')],
        [61, fault('verified', 'recover')],
      ]),
    },
    'run: the fault f1 (kill b) could not be undone by the run itself; `orch recover` did',
  ],
])('a run that %s is told, and still concluded from', async (_, run, warning) => {
  const { warnings, conclusive } = await found(run);
  expect(warnings).toEqual([expect.stringContaining(warning)]);
  expect(conclusive).toBe(true);
});

test('a run that was cut off is told, and that its end is not judged', async () => {
  const { warnings, conclusive } = await found(
    manifest({ status: 'running', counts: { ...counts, due: 0 } }),
  );
  expect(warnings).toEqual([
    'run: its manifest says `running`: it was cut off, or goes on',
    'run: its last 6 s are not judged: requests that were in flight at its end have no rows',
  ]);
  expect(conclusive).toBe(true);
});

test.each<[string, RunFiles, string]>([
  [
    'had a fault without effect',
    {
      'events.jsonl': eventsOf(1000, [
        [3, fault('requested')],
        [8, fault('ineffective')],
      ]),
    },
    'run: the fault f1 (kill b) had no effect',
  ],
  [
    'failed',
    manifest({ status: 'failed', reason: 'the disk filled up' }),
    'run: it failed: the disk filled up',
  ],
  [
    'has lost many rows',
    manifest({ counts: { ...counts, due: 520 } }),
    'run: its manifest counts 520 requests, metrics.csv holds 500',
  ],
  ['has a broken manifest', { 'manifest.json': '{' }, 'run: manifest.json cannot be read: '],
  [
    'says so itself',
    manifest({ conclusive: false }),
    'run: its manifest says that nothing can be concluded from it',
  ],
  [
    'was slowed by its generator',
    manifest({ schedule_lag: { p50_ms: 900, p99_ms: 2000, max_ms: 3000 } }),
    'run: the generator lagged behind its schedule (p99 2000 ms): it was the bottleneck, not the nodes',
  ],
  [
    'has many broken rows',
    { 'metrics.csv': `${calm}${'x\n'.repeat(7)}` },
    'run: 7 rows of metrics.csv left out (line 502: has 1 field, not 5; ',
  ],
  [
    'is shorter than its warm-up',
    { 'metrics.csv': csvOf(rowsAt({ from: 1000, rps: 50, count: 90 })) },
    'no second of the run can be judged: it is too short, or all of it is warm-up',
  ],
])('from a run that %s nothing is concluded', async (_, run, warning) => {
  const { warnings, conclusive } = await found(run);
  expect(warnings).toContainEqual(expect.stringContaining(warning));
  expect(conclusive).toBe(false);
});

test('a baseline that answered nothing is none', async () => {
  const baseline = csvOf(rowsAt({ from: 1000, rps: 50, count: 500 }, () => ({ error: 'timeout' })));
  const { warnings, conclusive } = await found({}, { 'metrics.csv': baseline });
  expect(warnings).toContain('the baseline answered nothing: there is nothing to hold the run against');
  expect(conclusive).toBe(false);
});

test('runs that are not alike are told', async () => {
  expect(await found(manifest({ mode: 'redis' }), manifest({}))).toEqual({
    warnings: ['different modes: the baseline loaded http, the run redis'],
    conclusive: false,
  });
  const inDocker = manifest({ driver: { name: 'docker', reason: 'the compose project runs' } });
  expect((await found(inDocker, manifest({}))).warnings).toEqual([
    'different drivers: process for the baseline, docker for the run',
  ]);
  const twice = csvOf(rowsAt({ from: 1000, rps: 100, count: 1000 }));
  expect(await found({ 'metrics.csv': twice })).toEqual({
    warnings: [
      'unequal load: usually 50 requests a second were due in the baseline, 100 requests a second in the run',
    ],
    conclusive: true,
  });
});

test('thresholds that are not those of the run’s own config are told', async () => {
  const config = configSchema.parse({ anomaly_detection: { error_rate_threshold: 0.4 } });
  expect(await found(manifest({ config }))).toEqual({
    warnings: ['judged by other thresholds than its own config had: error_rate_threshold 0.1, not 0.4'],
    conclusive: true,
  });
});

test('nothing is concluded where each second is anomalous for the load alone', async () => {
  const thrice = csvOf(rowsAt({ from: 1000, rps: 150, count: 1500 }));
  const { warnings, conclusive } = await found({}, { 'metrics.csv': thrice });
  expect(warnings).toContain(
    'unequal load: usually 150 requests a second were due in the baseline, 50 requests a second in the run',
  );
  expect(conclusive).toBe(false);
});

test('less load while a fault was in force is not unequal load', async () => {
  const rows = rowsAt({ from: 1000, rps: 50, count: 500 }, (sec, index) =>
    sec >= 3 && sec < 9 && index % 2 === 0 ? null : {},
  );
  const events = eventsOf(1000, [
    [3, fault('requested')],
    [3.1, fault('effective')],
    [8.8, fault('undone')],
    [9, fault('verified')],
  ]);
  expect((await found({ 'metrics.csv': csvOf(rows), 'events.jsonl': events })).warnings).toEqual([]);
  expect((await found({ 'metrics.csv': csvOf(rows) })).warnings).toHaveLength(1);
});

test('a baseline with faults or bad seconds of its own is told', async () => {
  const rows = rowsAt({ from: 1000, rps: 50, count: 500 }, (sec) =>
    sec >= 4 && sec < 6 ? { error: 'ECONNRESET' } : {},
  );
  const events = eventsOf(1000, [
    [4, fault('requested')],
    [4.1, fault('effective')],
    [6, fault('verified')],
  ]);
  expect((await found({}, { 'metrics.csv': csvOf(rows), 'events.jsonl': events })).warnings).toEqual([
    'the baseline had faults itself',
    '2 seconds of the baseline would be anomalous too',
  ]);
});

test('a trickle of requests says little about single seconds', async () => {
  const slow = csvOf(rowsAt({ from: 1000, rps: 1, count: 20 }));
  expect((await found({ 'metrics.csv': slow }, { 'metrics.csv': slow })).warnings).toEqual([
    'at 1.00 requests a second, single seconds say little',
  ]);
});

describe('the clock of a file of other origin', () => {
  const rows = rowsAt({ from: 1000, rps: 50, count: 500 });
  const shifted = (from: number, bySec: number) =>
    rows.map((row, index) => (index < from ? row : { ...row, timestamp: Number(row.timestamp) + bySec }));

  it.each<[string, Row[], string[]]>([
    ['in order of the requests', rows, []],
    ['a little out of order', [rows[49]!, ...rows.slice(0, 49), ...rows.slice(50)], []],
    [
      'in order of the answers, one of which took seven seconds',
      [...rows.slice(1, 400), { ...rows[0]!, latency_ms: 8000 }, ...rows.slice(400)],
      [],
    ],
    [
      'set back by four seconds',
      shifted(300, -4),
      [
        'the timestamps of metrics.csv go back by 4 s at line 302: its rows are not in order, or the clock was set back',
      ],
    ],
    [
      'of two sources, one after the other',
      [...rows, ...rows, ...rows],
      [
        'the timestamps of metrics.csv go back by up to 10 s at line 502, and 1 time more: its rows are not in order, or the clock was set back',
      ],
    ],
    [
      'set forward by half a minute',
      shifted(300, 30),
      [
        'for 30 s before line 302 of metrics.csv nothing was due: nothing was sent, or the clock was set forward',
      ],
    ],
  ])('%s', async (_, made, expected) => {
    const { warnings } = await found({ 'metrics.csv': csvOf(made) });
    expect(warnings.filter((text) => /timestamps|nothing was due/.test(text))).toEqual(
      expected.map((text) => `run: ${text}`),
    );
  });

  it('is not doubted in a file of ours, whose times are of one clock', async () => {
    const ours = shifted(300, -4).map((row) => ({ ...row, outcome: 'ok' as const }));
    const { warnings } = await found({ 'metrics.csv': csvOf(ours, metricsColumns) });
    expect(warnings.filter((text) => text.includes('clock'))).toEqual([]);
  });
});

test('nothing is concluded from a run whose generator was the bottleneck', async () => {
  const { warnings, conclusive } = await found(
    manifest({
      conclusive: false,
      schedule_lag: { p50_ms: 30, p99_ms: 40, p99_9_ms: 41, max_ms: 42 },
      generator: { ...generator, behind_sec: 9, bottleneck: true },
    }),
  );
  expect(warnings).toContain(
    'run: the generator lagged behind its schedule (p99 40 ms): it was the bottleneck, not the nodes',
  );
  expect(conclusive).toBe(false);
});
