import { describe, expect, it, test } from 'vitest';
import { configSchema } from '../model/config.ts';
import type { Unstamped } from '../model/event.ts';
import { metricsColumns } from '../store/columns.ts';
import { csvOf, eventsOf, manifestOf, type Row, type RunFiles, rowsAt, runOf } from '../testing/run-files.ts';
import { analyzeRuns } from './analyze.ts';

const thresholds = configSchema.parse({}).anomaly_detection;

/** Ten seconds at 50 a second, all well, each 10 ms. */
const calm = csvOf(rowsAt({ from: 1000, rps: 50, count: 500 }));

async function analyze(run: RunFiles, baseline: RunFiles = { 'metrics.csv': calm }) {
  return analyzeRuns({ baseline: await runOf(baseline, 'base'), run: await runOf(run, 'run'), thresholds });
}

const failed: Partial<Row> = { status_code: 0, error: 'ECONNREFUSED' };

test('a run of another origin is held against a baseline, all numbers by hand', async () => {
  // 20 s at 50 a second: in the seconds 8–11 two of five requests fail; of second 15 only every fifth row is there.
  const rows = rowsAt({ from: 2000, rps: 50, count: 1000 }, (sec, index) => {
    if (Math.floor(sec) === 15 && index % 5 !== 0) return null;
    return sec >= 8 && sec < 12 && index % 5 < 2 ? { ...failed, latency_ms: 1 } : { latency_ms: 20 };
  });
  const analysis = await analyze({ 'metrics.csv': csvOf(rows) });
  expect(analysis).toMatchObject({
    baseline_id: 'base',
    run_id: 'run',
    baseline_summary: {
      due: 500,
      ok: 500,
      duration_sec: 10,
      throughput_rps: 50,
      goodput_rps: 50,
      error_rate: 0,
      p50_latency_ms: 10,
      p95_latency_ms: 10,
      p99_latency_ms: 10,
      max_latency_ms: 10,
      mean_latency_ms: 10,
    },
    run_summary: {
      due: 960,
      ok: 880,
      fail: 80,
      error_rate: 80 / 960,
      p50_latency_ms: 20,
      mean_latency_ms: (880 * 20 + 80) / 960,
    },
    recovery_time_sec: 7,
    recovery_reason: null,
    recovered: true,
    conclusive: true,
    mode: null,
    scenario: null,
    thresholds: { ...thresholds, throughput_floor_rps: 25 },
    faults: [],
    phases: [],
    warnings: [],
  });
  // 960 rows from 2000.00 to 2019.98: the mean gap after the last makes 19.98 × 960 / 959 s.
  expect(analysis.run_summary.duration_sec).toBeCloseTo((19.98 * 960) / 959, 9);
  expect(analysis.run_summary.throughput_rps).toBeCloseTo(959 / 19.98, 9);
  expect(analysis.throughput_drop_pct).toBeCloseTo(((50 - 959 / 19.98) / 50) * 100, 9);
  expect(analysis.anomaly_windows).toEqual([
    {
      start_sec: 8,
      end_sec: 11,
      causes: ['error_rate'],
      min_throughput_rps: 50,
      max_error_rate: 0.4,
      faults: [],
    },
    {
      start_sec: 15,
      end_sec: 15,
      causes: ['throughput'],
      min_throughput_rps: 10,
      max_error_rate: 0,
      faults: [],
    },
  ]);
  expect(analysis.seconds).toHaveLength(20);
  expect(analysis.seconds.map(({ counted }) => counted)).toEqual([false, false, ...Array(18).fill(true)]);
});

test('the same in whole seconds: a row belongs to the second of its timestamp, the seconds are counted', async () => {
  const whole = (rows: readonly Row[]) =>
    csvOf(rows.map((row) => ({ ...row, timestamp: Math.floor(Number(row.timestamp)) })));
  const rows = rowsAt({ from: 2000, rps: 50, count: 1000 }, (sec) => (sec >= 18 ? failed : {}));
  const analysis = await analyze(
    { 'metrics.csv': whole(rows) },
    { 'metrics.csv': whole(rowsAt({ from: 1000, rps: 50, count: 500 })) },
  );
  expect(analysis.baseline_summary).toMatchObject({ duration_sec: 10, throughput_rps: 50 });
  expect(analysis.run_summary).toMatchObject({ duration_sec: 20, throughput_rps: 50, goodput_rps: 45 });
  expect(analysis).toMatchObject({
    anomaly_windows: [{ start_sec: 18, end_sec: 19 }],
    recovery_time_sec: 1,
    recovered: false,
    recovery_reason: expect.stringContaining('ended before it recovered'),
  });
});

test('in whole seconds, too, a last second that was cut short is no anomaly', async () => {
  // 10.2 s: of the eleventh second there are ten requests of fifty.
  const rows = rowsAt({ from: 2000, rps: 50, count: 510 }, (sec) => (sec >= 4 && sec < 6 ? failed : {}));
  const whole = rows.map((row) => ({ ...row, timestamp: Math.floor(Number(row.timestamp)) }));
  const analysis = await analyze({ 'metrics.csv': csvOf(whole) });
  expect(analysis.seconds.at(-1)).toMatchObject({ sec: 10, due: 10, counted: false });
  expect(analysis).toMatchObject({
    anomaly_windows: [{ start_sec: 4, end_sec: 5 }],
    recovery_time_sec: 1,
    recovered: true,
  });
});

test('a silent second within a run without events is one without throughput', async () => {
  const rows = rowsAt({ from: 2000, rps: 50, count: 500 }, (sec) => (sec >= 4 && sec < 6 ? null : {}));
  const analysis = await analyze({ 'metrics.csv': csvOf(rows) });
  expect(analysis.anomaly_windows).toMatchObject([
    { start_sec: 4, end_sec: 5, causes: ['throughput'], min_throughput_rps: 0, max_error_rate: 0 },
  ]);
  expect(analysis.seconds[4]).toMatchObject({ due: 0, p50_latency_ms: null, anomalous: true });
  const [window, ...others] = analysis.windows;
  expect(others).toEqual([]);
  expect(window).toMatchObject({ cause: 'throughput', metric: 'throughput_rps', magnitude: 0, faults: [] });
  expect([window!.start_sec, window!.end_sec]).toEqual([4, 6]);
});

test('warm-up seconds and incomplete ends of a run are shown, but never anomalous', async () => {
  // It begins at .5 and ends at .5: the first and the last second hold half the requests. Second 1 fails in warm-up.
  const rows = rowsAt({ from: 2000.5, rps: 20, count: 200 }, (sec) => (sec >= 1 && sec < 2 ? failed : {}));
  const analysis = await analyze({ 'metrics.csv': csvOf(rows) });
  expect(analysis.seconds.map(({ due, counted }) => [due, counted])).toEqual([
    [10, false],
    [20, false],
    ...Array.from({ length: 8 }, () => [20, true]),
    [10, false],
  ]);
  expect(analysis.seconds.slice(0, 2).some(({ anomalous }) => anomalous)).toBe(false);
});

const load = (rps: number): Unstamped => ({ type: 'load_changed', phase: '', rps, nodes: ['a'] });
const phase = (name: string): Unstamped => ({ type: 'phase_started', phase: name, duration_sec: 10 });
const kill = { type: 'fault', id: 'f1', kind: 'kill', node: 'b', phase: 'failure' } as const;

test('a run of ours: idle seconds do not count, faults and phases stand in its own seconds', async () => {
  // Load from 0.25 to 10.25, none until 14, again from 14 to 20; node b is killed at 5.1 and back at 8.2.
  const rows = [
    ...rowsAt({ from: 2000.25, rps: 50, count: 500 }, (sec, index) => ({
      node: index % 2 === 0 ? 'a' : 'b',
      phase: sec < 5 ? 'warmup' : 'failure',
      ...(index % 2 === 1 && sec > 5.1 && sec < 8.2 ? { ...failed, outcome: 'fail' } : { outcome: 'ok' }),
    })),
    ...rowsAt({ from: 2014, rps: 50, count: 300 }, () => ({ phase: 'recovery', outcome: 'ok' })),
  ];
  const events = eventsOf(2000, [
    [0.2, phase('warmup')],
    [0.25, load(50)],
    [5, { type: 'phase_ended', phase: 'warmup' }],
    [5, phase('failure')],
    [5.05, { ...kill, state: 'requested' }],
    [5.1, { ...kill, state: 'effective' }],
    [8, { ...kill, state: 'undone' }],
    [8.2, { ...kill, state: 'verified' }],
    [10.25, load(0)],
    [14, { type: 'phase_ended', phase: 'failure' }],
    [14, phase('recovery')],
    [14.001, load(50)],
    [20, { type: 'phase_ended', phase: 'recovery' }],
    [23, load(0)],
    [25, { type: 'run_ended', status: 'complete' }],
  ]);
  const analysis = await analyze({ 'metrics.csv': csvOf(rows, metricsColumns), 'events.jsonl': events });
  expect(
    analysis.seconds.map(({ sec, counted }) => (counted ? sec : null)).filter((sec) => sec !== null),
  ).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 14, 15, 16, 17, 18, 19]);
  expect(analysis.anomaly_windows).toMatchObject([
    { start_sec: 5, end_sec: 7, causes: ['error_rate'], faults: ['f1'] },
  ]);
  expect(analysis).toMatchObject({
    recovery_time_sec: 2,
    recovered: true,
    conclusive: true,
    phases: [
      { name: 'warmup', start_sec: 0.2, end_sec: 5 },
      { name: 'failure', start_sec: 5, end_sec: 14 },
      { name: 'recovery', start_sec: 14, end_sec: 20 },
    ],
    faults: [{ id: 'f1', requested_sec: 5.05, effective_sec: 5.1, undone_sec: 8, verified_sec: 8.2 }],
  });
  // The baseline did not have this node.
  expect(analysis.recoveries).toMatchObject([
    { fault: 'f1', nodes: ['b'], judged_by: 'all', disturbed: true, recovered: true, outage_sec: 0 },
  ]);
  const [window, ...others] = analysis.windows;
  expect(others).toEqual([]);
  expect(window).toMatchObject({ cause: 'error_rate', ended: true, nodes: ['a', 'b'], faults: ['f1'] });
  expect(Math.abs(window!.start_sec - 5.1)).toBeLessThanOrEqual(window!.uncertainty_sec);
  expect(Math.abs(window!.end_sec - 8.2)).toBeLessThanOrEqual(window!.uncertainty_sec);
  const { per_phase: phases, per_node: nodes, per_outcome: byOutcome } = analysis.run_tables;
  expect(phases.map(({ name, due, duration_sec }) => [name, due, duration_sec])).toEqual([
    ['warmup', 238, 4.8],
    ['failure', 262, 9],
    ['recovery', 300, 6],
  ]);
  expect(nodes.map(({ name, due, fail }) => [name, due, fail])).toEqual([
    ['a', 550, 0],
    ['b', 250, 78],
  ]);
  expect(byOutcome.map(({ name, due, error_rate }) => [name, due, error_rate])).toEqual([
    ['ok', 722, 0],
    ['fail', 78, 1],
  ]);
});

test.each([
  ['with a manifest', { 'manifest.json': manifestOf({ started_at_sec: 2000 }) }],
  ['without one', {}],
])('a wall clock that was moved while a run went on moves no event against the rows: %s', async (_, more) => {
  const rows = rowsAt({ from: 2000, rps: 50, count: 1000 }, (sec) => (sec >= 10 && sec < 15 ? failed : {}));
  const events = eventsOf(2000, [
    [0, phase('warmup')],
    [0, load(50)],
    [10, { type: 'phase_ended', phase: 'warmup' }],
    [10, phase('failure')],
    [10, { ...kill, state: 'requested' }],
    [10.1, { ...kill, state: 'effective' }],
    [15, { ...kill, state: 'verified' }],
    [20, load(0)],
    [20, { type: 'phase_ended', phase: 'failure' }],
    [20.5, { type: 'run_ended', status: 'complete' }],
  ]).replaceAll(/"wall_sec":([\d.]+)/g, (_text, sec) => {
    // Half a minute ahead, from the run's third second on.
    const wallSec = Number(sec);
    return `"wall_sec":${wallSec < 2003 ? wallSec : wallSec + 30}`;
  });
  const analysis = await analyze({ 'metrics.csv': csvOf(rows), 'events.jsonl': events, ...more });
  expect(analysis).toMatchObject({
    anomaly_windows: [{ start_sec: 10, end_sec: 14, faults: ['f1'] }],
    faults: [{ id: 'f1', requested_sec: 10, effective_sec: 10.1, verified_sec: 15 }],
    phases: [
      { name: 'warmup', start_sec: 0, end_sec: 10 },
      { name: 'failure', start_sec: 10, end_sec: 20 },
    ],
  });
  expect(analysis.run_tables.per_phase.map(({ name, due }) => [name, due])).toEqual([
    ['warmup', 500],
    ['failure', 500],
  ]);
});

describe('a run that was cut off at 20 s, one of its two nodes paused since 5 s', () => {
  // Requests time out after 5 s: of those that were due to the paused node from 15 s on there are no rows.
  const rows = rowsAt({ from: 2000, rps: 50, count: 1000 }, (sec, index) => {
    if (index % 2 === 0 || sec < 5) return {};
    return sec < 15 ? { status_code: 0, error: 'timeout', latency_ms: 5000 } : null;
  });
  const cutOff = { status: 'interrupted', reason: 'cut off: SIGKILL; its guardian cleaned up' } as const;
  const counts = { due: rows.length, ok: 0, fail: 0, unknown: 0, dropped: 0 };
  const config = configSchema.parse({ load: { timeout_sec: 8 } });

  it.each<[string, RunFiles, number]>([
    ['tidied up', { 'manifest.json': manifestOf({ ...cutOff, counts }) }, 12],
    ['left as it was', { 'manifest.json': manifestOf({ status: 'running' }) }, 12],
    ['with a longer timeout', { 'manifest.json': manifestOf({ ...cutOff, config, counts }) }, 9],
    [
      'without its manifest',
      { 'events.jsonl': eventsOf(2000, [[99, { type: 'run_ended', ...cutOff }]]) },
      12,
    ],
  ])('has no recovery that was never seen: %s', async (_, more, lastSec) => {
    const analysis = await analyze({ 'metrics.csv': csvOf(rows), ...more });
    expect(analysis).toMatchObject({
      recovered: null,
      recovery_time_sec: null,
      recovery_reason: expect.stringContaining('the run was cut off'),
      anomaly_windows: [{ start_sec: 5, end_sec: lastSec }],
    });
    expect(analysis.warnings).toContainEqual(expect.stringMatching(/its last \d s are not judged: requests/));
  });

  it('is judged to its end where it came to one', async () => {
    const manifest = manifestOf({ status: 'interrupted', reason: 'SIGINT', counts });
    const analysis = await analyze({ 'metrics.csv': csvOf(rows), 'manifest.json': manifest });
    expect(analysis).toMatchObject({ recovered: true, recovery_time_sec: 9 });
  });
});

test('dropped requests have no latency, and where nothing was sent there is none at all', async () => {
  const rows = rowsAt({ from: 2000, rps: 10, count: 50 }, () => ({ error: 'dropped', latency_ms: '' }));
  const { run_summary: summary, throughput_drop_pct: drop } = await analyze({ 'metrics.csv': csvOf(rows) });
  expect(summary).toMatchObject({ due: 50, dropped: 50, throughput_rps: 0, error_rate: 1 });
  expect(summary).toMatchObject({ p50_latency_ms: null, max_latency_ms: null, mean_latency_ms: null });
  expect(drop).toBe(100);
});

test('analysis.json keeps its fixed fields first', async () => {
  expect(Object.keys(await analyze({ 'metrics.csv': calm })).slice(0, 8)).toEqual([
    'baseline_id',
    'run_id',
    'baseline_summary',
    'run_summary',
    'throughput_drop_pct',
    'anomaly_windows',
    'recovery_time_sec',
    'recovery_reason',
  ]);
});

test('an empty run ends the analysis with no-data', async () => {
  await expect(analyze({ 'metrics.csv': csvOf([]) })).rejects.toMatchObject({ code: 'no-data', exit: 2 });
});
