import { describe, expect, it, test } from 'vitest';
import { faultSpan } from '../testing/analysis-builder.ts';
import { judgeMade, type MadeRun, madeRun, type Trouble } from '../testing/made-requests.ts';

const runs = 200;
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

/** A run with a trouble, and the fault that made it; both seen by a baseline with the same noise. */
function judged(shape: Omit<MadeRun, 'seed' | 'troubles'>, seed: number, trouble: Trouble, told = true) {
  const baseline = madeRun({ ...shape, seed: 2 * seed + 1 });
  const run = madeRun({ ...shape, seed: 2 * seed + 2, troubles: [trouble] });
  const fault = faultSpan({
    node: trouble.node ?? 'a',
    requested_sec: trouble.fromSec - 0.05,
    effective_sec: trouble.fromSec,
    undone_sec: trouble.toSec - 0.2,
    verified_sec: trouble.toSec,
  });
  return judgeMade(baseline, run, told ? [fault] : []);
}

describe('runs of 60 s at 50 rps, with a wandering level, heavy tails and hiccups', () => {
  const noises = [{}, { spread: 1 }, { medianMs: 1, spread: 0.3 }] as const;

  it(`raise no alarm in ${runs} without a fault`, () => {
    const alarms = Array.from({ length: runs }, (_, seed) => {
      const noise = noises[seed % noises.length]!;
      return judgeMade(madeRun({ ...noise, seed: 2 * seed + 1 }), madeRun({ ...noise, seed: 2 * seed + 2 }));
    }).flatMap(({ windows }) => windows);
    expect(alarms).toEqual([]);
  });

  it(`miss no outage of two seconds in ${runs}, of all nodes or of one`, () => {
    const kinds = [
      { outcome: 'fail' },
      { outcome: 'fail', node: 'b' },
      { outcome: 'unknown', node: 'b' },
    ] as const;
    const off = Array.from({ length: runs }, (_, seed) => {
      const fromSec = 20 + seed * 0.013;
      const kind = kinds[seed % kinds.length]!;
      const trouble = { ...kind, fromSec, toSec: fromSec + 2, share: 1 };
      const [window] = judged(noises[0], seed, trouble, false).windows;
      const cause = kind.outcome === 'fail' ? 'error_rate' : 'throughput';
      expect(window, `seed ${seed}`).toMatchObject({ cause, ended: true });
      return Math.max(Math.abs(window!.start_sec - fromSec), Math.abs(window!.end_sec - fromSec - 2));
    });
    expect(Math.max(...off)).toBeLessThan(1);
  });

  it('know a process that was stopped for two seconds from a hiccup, with no fault to tell of it', () => {
    const off = Array.from({ length: 20 }, (_, seed) => {
      const trouble = { fromSec: 20 + seed * 0.013, toSec: 22.2 + seed * 0.013, stalls: true };
      const { windows } = judged(seed % 2 === 0 ? {} : { rps: 200 }, seed, trouble, false);
      expect(windows, `seed ${seed}`).toMatchObject([{ cause: 'latency', ended: true, faults: [] }]);
      const [window] = windows;
      return Math.max(
        Math.abs(window!.start_sec - trouble.fromSec),
        Math.abs(window!.end_sec - trouble.toSec),
      );
    });
    expect(Math.max(...off)).toBeLessThan(1);
  });

  it('know a lasting shift of latency from a hiccup, with no fault to tell of it', () => {
    const { windows } = judged({}, 7, { fromSec: 20, toSec: 30, node: 'b', addMs: 100 }, false);
    expect(windows).toMatchObject([{ cause: 'latency', metric: 'p50_latency_ms', nodes: ['b'], faults: [] }]);
    expect(Math.abs(windows[0]!.start_sec - 20)).toBeLessThan(1);
    expect(Math.abs(windows[0]!.end_sec - 30)).toBeLessThan(1);
    expect(windows[0]!.magnitude).toBeGreaterThan(100);
  });
});

describe('at 1,000 rps', () => {
  it.each<readonly [string, Partial<Trouble>]>([
    ['an outage', { share: 1 }],
    ['an outage of one node', { share: 1, node: 'b' }],
    ['errors, three of ten', { share: 0.3 }],
    ['latency', { addMs: 100 }],
    ['latency of one node', { addMs: 100, node: 'b' }],
    ['a pause, in which requests wait', { stalls: true, node: 'b' }],
  ])('begin, end and recovery are within 100 ms of the truth: %s', (_, trouble) => {
    const off = Array.from({ length: 3 }, (_none, seed) => {
      const [fromSec, toSec] = [6 + seed * 0.0137, 9 + seed * 0.0137];
      const verdict = judged({ rps: 1000, durationSec: 12 }, seed, { ...trouble, fromSec, toSec });
      const window = verdict.windows.find(({ faults }) => faults.includes('f1'))!;
      return {
        start: Math.abs(window.start_sec - fromSec),
        end: Math.abs(window.end_sec - toSec),
        recovery: Math.abs((verdict.recoveries[0]?.time_to_recover_sec ?? Number.POSITIVE_INFINITY) - 3),
      };
    });
    expect(median(off.map(({ start }) => start))).toBeLessThan(0.1);
    expect(median(off.map(({ end }) => end))).toBeLessThan(0.1);
    expect(median(off.map(({ recovery }) => recovery))).toBeLessThan(0.1);
  });
});

const calm = { hiccups: 0, rps: 300 };

test('a recovery, all times by hand', () => {
  const { recoveries } = judged(calm, 1, { fromSec: 20, toSec: 24, node: 'b', share: 1 });
  const [recovery] = recoveries;
  expect(recovery).toMatchObject({
    fault: 'f1',
    nodes: ['b'],
    judged_by: 'nodes',
    disturbed: true,
    recovered: true,
  });
  const within = recovery!.uncertainty_sec! + 1e-6;
  expect(within).toBeLessThan(0.1);
  const near = (value: number | null, truth: number) =>
    expect(Math.abs((value ?? Number.NaN) - truth)).toBeLessThanOrEqual(within);
  near(recovery!.time_to_detect_sec, 0);
  near(recovery!.outage_sec, 4);
  expect(recovery!.outage_at_least_sec).toBe(recovery!.outage_sec);
  near(recovery!.time_to_first_success_sec, 4);
  near(recovery!.time_to_first_success_after_undo_sec, 0.2);
  near(recovery!.time_to_recover_sec, 4);
  near(recovery!.time_to_recover_after_undo_sec, 0.2);
  // The other two nodes answered all the time.
  expect(recovery!.all_requests).toMatchObject({ disturbed: true, recovered: true, outage_sec: 0 });
});

test('what was not seen to recover has no time to recover, but says how long it was looked for', () => {
  const { recoveries, windows } = judged(calm, 2, { fromSec: 20, toSec: 60, node: 'b', share: 1 });
  expect(recoveries[0]).toMatchObject({
    disturbed: true,
    recovered: false,
    outage_sec: null,
    time_to_first_success_sec: null,
    time_to_recover_sec: null,
    time_to_recover_after_undo_sec: null,
  });
  expect(recoveries[0]!.observed_for_sec).toBeCloseTo(40, 1);
  expect(recoveries[0]!.outage_at_least_sec).toBeCloseTo(40, 1);
  expect(windows).toMatchObject([{ ended: false, faults: ['f1'], nodes: ['b'] }]);
});

test('a fault that the requests do not show took no time to recover from', () => {
  const { recoveries, windows, costs } = judged(calm, 3, { fromSec: 20, toSec: 24, node: 'b' });
  expect(windows).toEqual([]);
  expect(recoveries[0]).toMatchObject({
    disturbed: false,
    recovered: true,
    time_to_detect_sec: null,
    outage_sec: 0,
    time_to_recover_sec: 0,
  });
  expect(costs[0]).toMatchObject({
    failed: 0,
    failed_above_baseline: 0,
    availability: 1,
    error_budget_pct: 0,
  });
});

test('what two faults of a node one after the other did is told of each by itself', () => {
  const outage = (fromSec: number) => ({ fromSec, toSec: fromSec + 3, node: 'b', share: 1 });
  const times = (fromSec: number) => ({
    node: 'b',
    requested_sec: fromSec,
    effective_sec: fromSec,
    undone_sec: fromSec + 3,
    verified_sec: fromSec + 3,
  });
  const { recoveries, windows } = judgeMade(
    madeRun({ ...calm, seed: 1 }),
    madeRun({ ...calm, seed: 2, troubles: [outage(20), outage(30)] }),
    [faultSpan({ id: 'f1', ...times(20) }), faultSpan({ id: 'f2', ...times(30) })],
  );
  expect(windows.map(({ faults }) => faults)).toEqual([['f1'], ['f2']]);
  for (const { time_to_recover_sec } of recoveries) {
    expect(Math.abs(time_to_recover_sec! - 3)).toBeLessThan(0.1);
  }
  expect(recoveries[0]!.observed_for_sec).toBeCloseTo(10, 6);
});

test('what had begun before a fault is not the fault’s', () => {
  const slow = { fromSec: 5, toSec: 60, addMs: 100 };
  const outage = { fromSec: 20, toSec: 24, node: 'b', share: 1 };
  const fault = faultSpan({
    requested_sec: 20,
    effective_sec: 20,
    undone_sec: 24,
    verified_sec: 24,
    node: 'b',
  });
  const { windows, recoveries } = judgeMade(
    madeRun({ ...calm, seed: 1 }),
    madeRun({ ...calm, seed: 2, troubles: [slow, outage] }),
    [fault],
  );
  expect(windows.map(({ cause, faults }) => [cause, faults])).toEqual([
    ['latency', []],
    ['error_rate', ['f1']],
  ]);
  expect(recoveries[0]).toMatchObject({ recovered: true });
  // What comes first after the outage comes late, as all does by then.
  expect(Math.abs(recoveries[0]!.time_to_recover_sec! - 4.1)).toBeLessThan(0.1);
});

test('a fault of another node that did nothing is not blamed, and costs nothing', () => {
  const fault = (id: string, node: string, fromSec: number, toSec: number) =>
    faultSpan({
      id,
      node,
      requested_sec: fromSec - 0.05,
      effective_sec: fromSec,
      undone_sec: toSec - 0.2,
      verified_sec: toSec,
    });
  const run = madeRun({ ...calm, seed: 12, troubles: [{ fromSec: 20, toSec: 26, node: 'a', share: 0.5 }] });
  const faults = [fault('f1', 'a', 20, 26), fault('f2', 'b', 20.8, 23.8)];
  const { windows, costs } = judgeMade(madeRun({ ...calm, seed: 11 }), run, faults);
  expect(windows.length).toBeGreaterThanOrEqual(1);
  for (const window of windows) expect(window).toMatchObject({ nodes: ['a'], faults: ['f1'] });
  expect(costs).toMatchObject([
    { fault: 'f1', nodes: ['a'], shared_with: [] },
    {
      fault: 'f2',
      nodes: ['b'],
      shared_with: [],
      start_sec: 20.8,
      end_sec: 23.8,
      failed: 0,
      failed_above_baseline: 0,
    },
  ]);
  // Half of a hundred requests a second for six seconds.
  expect(Math.abs(costs[0]!.failed - 300)).toBeLessThan(50);
});

test('two faults of one node share what they cost', () => {
  const run = madeRun({ ...calm, seed: 14, troubles: [{ fromSec: 20, toSec: 26, node: 'a', share: 1 }] });
  const first = faultSpan({
    node: 'a',
    requested_sec: 19.95,
    effective_sec: 20,
    undone_sec: 25.8,
    verified_sec: 26,
  });
  const second = {
    ...first,
    id: 'f2',
    requested_sec: 20.95,
    effective_sec: 21,
    undone_sec: 24.8,
    verified_sec: 25,
  };
  const { costs } = judgeMade(madeRun({ ...calm, seed: 13 }), run, [first, second]);
  expect(costs).toMatchObject([
    { fault: 'f1', shared_with: ['f2'] },
    { fault: 'f2', shared_with: ['f1'] },
  ]);
});

test('what a fault cost, all by hand', () => {
  const { costs } = judged(calm, 4, { fromSec: 20, toSec: 24, share: 1 });
  const [cost] = costs;
  expect(costs).toHaveLength(1);
  expect(cost).toMatchObject({ fault: 'f1', start_sec: 20, failed: 1200, slow: 0 });
  // To the first success at its node.
  expect(Math.abs(cost!.end_sec - 24)).toBeLessThan(0.05);
  expect(cost!.due - cost!.failed).toBeLessThan(10);
  expect(cost!.availability).toBe(1 - 1200 / cost!.due);
  expect(cost!.failed_above_baseline).toBe(1200);
  // Of 300 requests a second for 30 days one in a thousand may fail: 777,600.
  expect(cost!.error_budget_pct).toBeCloseTo((1200 / 777_600) * 100, 4);
});

test('what the baseline’s own rates come to is no cost', () => {
  const always = { fromSec: 0, toSec: 60, share: 0.02 };
  const { costs } = judgeMade(
    madeRun({ ...calm, seed: 1, troubles: [always] }),
    madeRun({ ...calm, seed: 2, troubles: [always, { fromSec: 20, toSec: 24, addMs: 500 }] }),
    [faultSpan({ requested_sec: 20, effective_sec: 20, undone_sec: 24, verified_sec: 24, node: 'b' })],
  );
  const [cost] = costs;
  expect(cost!.failed).toBeGreaterThan(5);
  expect(cost!.failed_above_baseline).toBeLessThan(15);
  expect(cost!.slow).toBeGreaterThan(1100);
  expect(cost!.slow - cost!.slow_above_baseline).toBeCloseTo((cost!.due - cost!.failed) * 0.01, -1);
});
