import { describe, expect, it } from 'vitest';
import { configSchema } from '../model/config.ts';
import type { Unstamped } from '../model/event.ts';
import { gateOf } from '../model/gate-schema.ts';
import type { Manifest } from '../model/manifest.ts';
import { metricsColumns } from '../store/columns.ts';
import { csvOf, eventsOf, manifestOf, type Row, type RunFiles, rowsAt, runOf } from '../testing/run-files.ts';
import { evidenceFor } from './evidence.ts';
import { judge } from './judge.ts';

const thresholds = configSchema.parse({}).anomaly_detection;
const manifest = (change: Partial<Manifest> = {}): Manifest =>
  JSON.parse(manifestOf({ counts: { due: 1500, ok: 1500, fail: 0, unknown: 0, dropped: 0 }, ...change }));

/** Thirty seconds at 50 a second, alternately to a and b, ten in each of three phases; `change` makes rows other than usual. */
function filesOf(
  change: (sec: number, index: number) => Partial<Row> = () => ({}),
  own = manifest(),
): RunFiles {
  const phase = (sec: number) => ['before', 'during', 'after'][Math.floor(sec / 10)]!;
  const rows = rowsAt({ from: 1000, rps: 50, count: 1500 }, (sec, index) => ({
    outcome: 'ok',
    phase: phase(sec),
    node: index % 2 === 0 ? 'a' : 'b',
    latency_ms: 10,
    ...change(sec, index),
  }));
  return { 'metrics.csv': csvOf(rows, metricsColumns), 'manifest.json': JSON.stringify(own) };
}

async function reportOf(
  texts: readonly string[],
  run: RunFiles,
  baseline: RunFiles | null,
  own = manifest(),
) {
  const gates = texts.map((text) => ({ gate: gateOf(text), place: null }));
  const evidence = await evidenceFor({
    run: await runOf(run, 'run'),
    baseline: baseline === null ? null : await runOf(baseline, 'calm'),
    thresholds,
    gates: gates.map(({ gate }) => gate),
  });
  return judge(gates, evidence, own);
}

async function verdictOf(text: string, run: RunFiles, baseline: RunFiles | null = null) {
  const { gates } = await reportOf([text], run, baseline);
  return gates[0]!;
}

const failed: Partial<Row> = { outcome: 'fail', status_code: 0, error: 'ECONNREFUSED', latency_ms: 1 };
const calm = filesOf();
/** From second 10 to 20 all of node a's requests fail, and those of b take as long as their index modulo 100 says. */
const disturbed = (sec: number, index: number): Partial<Row> => {
  if (sec < 10 || sec >= 20) return {};
  return index % 2 === 0 ? failed : { latency_ms: index % 100 };
};
const fault = { type: 'fault', id: 'f1', kind: 'kill', node: 'a', phase: 'during' } as const;
const lifeOf = (
  states: readonly (readonly [
    number,
    'requested' | 'effective' | 'ineffective' | 'undo_requested' | 'undone' | 'verified' | 'undo_failed',
  ])[],
) =>
  eventsOf(
    1000,
    [
      ...['before', 'during', 'after'].map((phase, index): [number, Unstamped] => [
        index * 10,
        { type: 'phase_started', phase, duration_sec: 10 },
      ]),
      ...states.map(([sec, state]): [number, Unstamped] => [sec, { ...fault, state }]),
      [30, { type: 'run_ended', status: 'complete' }],
    ].toSorted(([a], [b]) => Number(a) - Number(b)) as [number, Unstamped][],
  );
const hurt: RunFiles = {
  ...filesOf(disturbed),
  'events.jsonl': lifeOf([
    [10, 'requested'],
    [10.1, 'effective'],
    [19.5, 'undo_requested'],
    [19.9, 'undone'],
    [20, 'verified'],
  ]),
};

/** A fault that was over before a second could be judged. */
const brief = lifeOf([
  [0.1, 'requested'],
  [0.2, 'effective'],
  [0.7, 'undone'],
  [0.8, 'verified'],
]);

describe('a gate on requests', () => {
  it.each<[string, string, number]>([
    ['error_rate < 1%', 'failed', 250 / 1500],
    ['error_rate < 1% during before', 'passed', 0],
    ['error_rate >= 50% during during', 'passed', 0.5],
    ['error_rate == 0 for b', 'passed', 0],
    ['availability >= 99.9% for a during after', 'inconclusive', Number.NaN],
    ['availability == 100% for a during after', 'passed', 1],
    ['availability > 99% during during for a', 'failed', 0],
    ['goodput_rps >= 25 during during', 'passed', 25],
    ['throughput_rps < 50 during during', 'failed', 50],
    // The 250 latencies of b in that phase are 1, 3, … 99, each five times.
    ['p(50) < 51 for b during during', 'passed', 50],
    ['p(90) < 91 for b during during', 'passed', 89.2],
    ['max_latency_ms < 99 for b', 'failed', 99],
    ['mean_latency_ms <= 50 for b during during', 'passed', 50],
    ['dropped == 0', 'passed', 0],
    ['unknown != 0', 'failed', 0],
  ])('%s: %s', async (text, status, value) => {
    const verdict = await verdictOf(text, hurt);
    expect(verdict).toMatchObject({ gate: text, status });
    if (Number.isNaN(value)) expect(verdict.measured).toBeNull();
    else expect(verdict.measured).toBeCloseTo(value, 6);
  });

  it('says how far from the limit it is, in the unit and in percent of the limit', async () => {
    expect(await verdictOf('p(50) < 40', calm)).toMatchObject({ margin: 30, margin_pct: 75, unit: 'ms' });
    expect(await verdictOf('throughput_rps >= 60', calm)).toMatchObject({
      margin: expect.closeTo(-10, 6),
      margin_pct: expect.closeTo(-100 / 6, 6),
    });
    expect(await verdictOf('dropped == 0', calm)).toMatchObject({ margin: 0, margin_pct: null });
  });

  it.each([
    ['p(99.9) < 50', '1,500 requests cannot show p99.9: 10,000 are needed'],
    ['p(99) < 50 for a', '750 requests cannot show p99: 1,000 are needed'],
    ['error_rate < 0.01%', '1,500 requests cannot show such a share: 10,000 are needed'],
    ['error_rate < 1% during durin', 'the run has no phase `durin`; did you mean `during`?'],
    ['error_rate < 1% for c', 'no request of the run went to a node `c`; did you mean `a`?'],
    ['regression(p50) < 10%', 'there is no baseline to hold it against: --baseline ID'],
    ['anomaly_windows == 0', 'there is no baseline'],
    ['lost_writes == 0', 'it was not measured'],
  ])('%s is inconclusive without the data: %s', async (text, why) => {
    expect(await verdictOf(text, calm)).toMatchObject({
      status: 'inconclusive',
      measured: null,
      margin: null,
      why: expect.stringContaining(why),
    });
  });

  it.each<[string, string, number | null, string]>([
    // Of the 750 requests of a, 250 fail, and of those of b none.
    [
      'availability >= 99.9% for a',
      'failed',
      2 / 3,
      'of 750 requests: too few for it to pass, and enough to fail',
    ],
    [
      'error_rate < 0.1% for a',
      'failed',
      1 / 3,
      'of 750 requests: too few for it to pass, and enough to fail',
    ],
    [
      'error_rate < 0.1% for b',
      'inconclusive',
      null,
      '750 requests cannot show such a share: 1,000 are needed',
    ],
    // What a limit lets come in masses speaks for nothing where it comes: one in a thousand may be missed.
    ['error_rate > 0.1% for b', 'inconclusive', null, 'cannot show such a share'],
    ['p(99) < 50 for b during during', 'failed', 95.08, 'p(96) of 250 requests is beyond it already'],
    [
      'p(99) < 96 for b during during',
      'inconclusive',
      null,
      '250 requests cannot show p99: 1,000 are needed',
    ],
    ['p(99) > 95 for b during during', 'inconclusive', null, 'cannot show p99'],
    ['p(1) < 1 for b during during', 'inconclusive', null, 'cannot show p1'],
  ])('%s: too few requests keep it from passing, never from failing', async (text, status, value, why) => {
    const verdict = await verdictOf(text, hurt);
    expect(verdict).toMatchObject({ status, why: expect.stringContaining(why) });
    if (value === null) expect(verdict.measured).toBeNull();
    else expect(verdict.measured).toBeCloseTo(value, 6);
  });

  it('agrees with the analysis where that has a table', async () => {
    const evidence = await evidenceFor({
      run: await runOf(hurt, 'run'),
      baseline: null,
      thresholds,
      gates: [gateOf('p95 < 1 during during'), gateOf('p95 < 1 for b')],
    });
    const { per_phase: phases, per_node: nodes } = evidence.report.run_tables;
    const phase = evidence.partOf('run', { phase: 'during', node: null });
    const node = evidence.partOf('run', { phase: null, node: 'b' });
    const row = phases.find(({ name }) => name === 'during')!;
    expect({ ...phase.counts, p95: phase.quantileMs(0.95), mean: phase.meanMs, max: phase.maxMs }).toEqual({
      due: row.due,
      ok: row.ok,
      fail: row.fail,
      unknown: row.unknown,
      dropped: row.dropped,
      p95: row.p95_latency_ms,
      mean: row.mean_latency_ms,
      max: row.max_latency_ms,
    });
    expect(phase.durationSec).toBe(row.duration_sec);
    expect(node.quantileMs(0.99)).toBe(nodes.find(({ name }) => name === 'b')?.p99_latency_ms);
  });
});

describe('a gate on a regression', () => {
  const slower = filesOf(() => ({ latency_ms: 12 }));
  it.each<[string, RunFiles, RunFiles, string, number]>([
    ['regression(p95) < 10%', slower, calm, 'failed', 20],
    ['regression(p95) < 10%', calm, slower, 'passed', -100 / 6],
    ['regression(p95) < 10% for b during after', slower, calm, 'failed', 20],
    ['regression(goodput_rps) <= 10%', hurt, calm, 'failed', 100 / 6],
    ['regression(error_rate) < 1%', calm, calm, 'passed', 0],
  ])('%s', async (text, run, baseline, status, value) => {
    const verdict = await verdictOf(text, run, baseline);
    expect(verdict.status).toBe(status);
    expect(verdict.measured).toBeCloseTo(value, 6);
  });

  it('is inconclusive where the baseline is 0, and the run is not', async () => {
    const verdict = await verdictOf('regression(error_rate) < 50%', hurt, calm);
    expect(verdict).toMatchObject({
      status: 'inconclusive',
      why: '0% in the baseline, 16.6667% in the run: nothing is a percentage of 0; hold error_rate itself against a limit',
    });
  });
});

describe('a gate on recovery', () => {
  it.each([
    ['recovery_time_sec <= 10', 'passed', 9],
    ['recovery_time_sec < 9', 'failed', 9],
    ['recovery_time_sec <= 10 for a', 'passed', 9],
    ['recovery_time_sec <= 8 during during', 'failed', 9],
    ['anomaly_windows == 0', 'failed', 1],
    ['anomaly_windows == 0 during after', 'passed', 0],
  ])('%s: %s', async (text, status, value) => {
    expect(await verdictOf(text, hurt, calm)).toMatchObject({ status, measured: value });
  });

  it('is of the faults that it names: where there are none, there was nothing to recover from', async () => {
    expect(await verdictOf('recovery_time_sec <= 10 for b', hurt, calm)).toMatchObject({
      status: 'inconclusive',
      why: 'no fault was injected into b: there was nothing to recover from',
    });
    expect(await verdictOf('recovery_time_sec <= 10', calm, calm)).toMatchObject({ status: 'inconclusive' });
  });

  it('is 0 where a fault took effect, and no second was anomalous', async () => {
    const withstood = { ...calm, 'events.jsonl': hurt['events.jsonl']! };
    expect(await verdictOf('recovery_time_sec <= 10', withstood, calm)).toMatchObject({
      status: 'passed',
      measured: 0,
      why: 'no second was anomalous while f1 was in force',
    });
  });

  it('is not 0 where no second could be judged meanwhile', async () => {
    expect(
      await verdictOf('recovery_time_sec <= 10', { ...calm, 'events.jsonl': brief }, calm),
    ).toMatchObject({ status: 'inconclusive', why: 'no second could be judged while f1 was in force' });
  });

  it('knows of a run that never recovered only how long it took at least', async () => {
    const never = { ...hurt, ...filesOf((sec) => (sec >= 10 ? failed : {})) };
    expect(await verdictOf('recovery_time_sec <= 25', never, calm)).toMatchObject({
      status: 'inconclusive',
      measured: 19,
      at_least: true,
      why: expect.stringContaining('ended before it recovered'),
    });
    expect(await verdictOf('recovery_time_sec <= 15', never, calm)).toMatchObject({ status: 'failed' });
    expect(await verdictOf('recovery_time_sec != 25', never, calm)).toMatchObject({ status: 'inconclusive' });
    expect(await verdictOf('recovery_time_sec > 5', never, calm)).toMatchObject({ status: 'passed' });
  });

  it('is to the request where that is asked for, and inconclusive where no request could be judged', async () => {
    const verdict = await verdictOf('time_to_recover_sec <= 10 for a', hurt, calm);
    expect(verdict).toMatchObject({ status: 'passed', fault: 'f1', why: 'of f1 (kill a)' });
    expect(
      await verdictOf('time_to_recover_sec <= 10', { ...calm, 'events.jsonl': brief }, calm),
    ).toMatchObject({ status: 'inconclusive', why: 'it was not measured for f1 (kill a)' });
  });
});

describe('a run from which nothing can be concluded', () => {
  it.each<[string, RunFiles, string]>([
    [
      'was interrupted',
      filesOf(disturbed, manifest({ status: 'interrupted' })),
      'interrupted before its end',
    ],
    ['was cut off', filesOf(disturbed, manifest({ status: 'running' })), 'cut off, or goes on'],
    ['says so itself', filesOf(disturbed, manifest({ conclusive: false })), 'nothing can be concluded'],
    [
      'had a fault without effect',
      {
        ...hurt,
        'events.jsonl': lifeOf([
          [10, 'requested'],
          [15, 'ineffective'],
        ]),
      },
      'the fault f1 (kill a) had no effect',
    ],
  ])('%s: no gate passes, and none fails', async (_, run, why) => {
    const { gates, status, exit_code } = await reportOf(['error_rate < 1%', 'error_rate > 1%'], run, calm);
    expect(gates.map((gate) => gate.status)).toEqual(['inconclusive', 'inconclusive']);
    expect(gates[0]).toMatchObject({ measured: 250 / 1500, why: expect.stringContaining(why) });
    expect({ status, exit_code }).toEqual({ status: 'inconclusive', exit_code: 2 });
  });
});

describe('the report', () => {
  it('has a check for each fault and its undo, and passes where all is well', async () => {
    const report = await reportOf(['availability > 80%'], hurt, calm);
    expect(report).toMatchObject({ status: 'passed', exit_code: 0, run_id: 'run', baseline_id: 'calm' });
    expect(report.checks).toEqual([
      { of: 'fault', name: 'f1 (kill a) takes effect', status: 'passed', why: 'it was seen after 0.10 s' },
      {
        of: 'undo',
        name: 'f1 (kill a) is undone',
        status: 'passed',
        why: 'its node served again 0.50 s after its undo was requested',
      },
    ]);
    // Of a run whose events do not say when it was.
    const { checks } = await reportOf([], { ...calm, 'events.jsonl': brief }, null);
    expect(checks[1]).toMatchObject({ why: 'its node served again 0.70 s after the fault was requested' });
  });

  it('lets an undo that failed win over a gate that did, and a failed gate over one that cannot be told', async () => {
    const texts = ['error_rate < 1%', 'p(99.99) < 10'];
    expect(await reportOf(texts, hurt, calm)).toMatchObject({ status: 'failed', exit_code: 99 });
    const broken = {
      ...hurt,
      'events.jsonl': lifeOf([
        [10, 'requested'],
        [10.1, 'effective'],
        [20, 'undo_failed'],
      ]),
    };
    expect(await reportOf(texts, broken, calm)).toMatchObject({ status: 'failed', exit_code: 3 });
    const left = manifest({ still_broken: ['a proxy'] });
    expect(await reportOf([], calm, null, left)).toMatchObject({ exit_code: 3 });
    const lost = manifest({ lost_steady_state: ['orders are taken'] });
    expect(await reportOf([], calm, null, lost)).toMatchObject({ exit_code: 99 });
  });
});
