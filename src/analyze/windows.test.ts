import { expect, test } from 'vitest';
import type { SecondRow } from '../model/analysis.ts';
import { faultSpan } from '../testing/analysis-builder.ts';
import type { JudgedSecond } from './frame.ts';
import { anomalyWindows, inForce, recoveryOf } from './windows.ts';

/** `.` well, `t` low throughput, `e` high error rate, `x` both, `-` not counted. */
function seconds(pattern: string): JudgedSecond[] {
  return Array.from(pattern, (mark, sec) => {
    const causes = [
      ...('tx'.includes(mark) ? (['throughput'] as const) : []),
      ...('ex'.includes(mark) ? (['error_rate'] as const) : []),
    ];
    const row: SecondRow = {
      sec,
      due: 50,
      ok: 50,
      fail: 0,
      unknown: 0,
      dropped: 0,
      throughput_rps: 100 - sec,
      error_rate: sec / 100,
      p50_latency_ms: null,
      p95_latency_ms: null,
      counted: mark !== '-',
      anomalous: causes.length > 0,
    };
    return { row, causes };
  });
}

const windows = (pattern: string) =>
  anomalyWindows(seconds(pattern), []).map(({ start_sec, end_sec }) => [start_sec, end_sec]);
const recovery = (pattern: string, brokenAtEnd = false, cutOff = false) =>
  recoveryOf(
    seconds(pattern).map(({ row }) => row),
    { cutOff, brokenAtEnd },
  );

test.each([
  ['.....', []],
  ['..t..', [[2, 2]]],
  ['.ttt.', [[1, 3]]],
  [
    '.te.x.',
    [
      [1, 2],
      [4, 4],
    ],
  ],
  [
    'x...x',
    [
      [0, 0],
      [4, 4],
    ],
  ],
  // A second that is not counted neither joins two windows nor lengthens one.
  [
    '.t-t-.',
    [
      [1, 1],
      [3, 3],
    ],
  ],
])('%s has the windows %j', (pattern, expected) => {
  expect(windows(pattern)).toEqual(expected);
});

test('a window tells its causes, its lowest throughput and its highest error rate', () => {
  expect(anomalyWindows(seconds('..ett.'), [])).toEqual([
    {
      start_sec: 2,
      end_sec: 4,
      causes: ['throughput', 'error_rate'],
      min_throughput_rps: 96,
      max_error_rate: 0.04,
      faults: [],
    },
  ]);
});

test('a window of very many seconds is no harder than a short one', () => {
  expect(windows('t'.repeat(300_000))).toEqual([[0, 299_999]]);
});

test('a window names the faults in force from their request until the node served again, and a second around', () => {
  const fault = faultSpan({
    id: 'f1',
    requested_sec: 3.5,
    effective_sec: 3.6,
    undone_sec: 5.2,
    verified_sec: 5.8,
  });
  const named = (pattern: string) => anomalyWindows(seconds(pattern), [fault]).map(({ faults }) => faults);
  // The seconds 0–1 end at 2.0, more than a second before 3.5; second 2 ends within it.
  expect(named('tt.......')).toEqual([[]]);
  expect(named('..t......')).toEqual([['f1']]);
  expect(named('...ttt...')).toEqual([['f1']]);
  // It is over at 5.8, with the slack at 6.8: second 6 begins before that, second 7 after.
  expect(named('......t.t')).toEqual([['f1'], []]);
});

test('a fault that was never undone stays in force, one without effect never is', () => {
  expect(
    inForce(faultSpan({ requested_sec: 3, effective_sec: 3, undone_sec: null, verified_sec: null }), 90, 91),
  ).toBe(true);
  expect(inForce(faultSpan({ requested_sec: 3, effective_sec: null }), 3, 4)).toBe(false);
});

test('recovery is from the first anomalous second to the last', () => {
  expect(recovery('..tt.e..')).toEqual({ recovery_time_sec: 3, recovery_reason: null, recovered: true });
  expect(recovery('..t...')).toMatchObject({ recovery_time_sec: 0, recovered: true });
});

test('a run whose last counted second is anomalous has not recovered', () => {
  expect(recovery('..ttt-')).toEqual({
    recovery_time_sec: 2,
    recovery_reason: 'the run ended before it recovered: its last counted second, 4, was still anomalous',
    recovered: false,
  });
});

test('where nothing was anomalous, or nothing counts, there is no recovery time but a reason', () => {
  expect(recovery('-...')).toEqual({
    recovery_time_sec: null,
    recovery_reason: 'no second of the run was anomalous',
    recovered: null,
  });
  expect(recovery('-...', false, true).recovery_reason).toBe('no second that could be judged was anomalous');
  expect(recovery('--')).toMatchObject({
    recovery_time_sec: null,
    recovered: null,
    recovery_reason: expect.stringMatching(/judged/),
  });
});

test('a fault that was in force until load ended was not recovered from, whatever its undo still answered', () => {
  expect(recovery('..tt.', true)).toEqual({
    recovery_time_sec: 1,
    recovery_reason: 'the run ended before it recovered: a fault was in force until its load ended',
    recovered: false,
  });
  expect(recovery('.....', true).recovered).toBeNull();
});
