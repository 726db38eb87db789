import { expect, test } from 'vitest';
import type { Figures } from './figures.ts';
import { judgedSeconds, secondFrame } from './frame.ts';

function figures(ok: number, fail: number, unknown = 0, dropped = 0, p50Ms: number | null = 10): Figures {
  return {
    counts: { due: ok + fail + unknown + dropped, ok, fail, unknown, dropped },
    latency: p50Ms === null ? null : { p50Ms, p95Ms: p50Ms * 2, p99Ms: 0, maxMs: 0, meanMs: 0 },
  };
}

function judge(seconds: readonly Figures[], counted = seconds.map(() => true)) {
  return judgedSeconds(secondFrame(seconds, counted, { throughputFloorRps: 25, errorRate: 0.1 }));
}

test('a second below the floor or above the error rate is anomalous, one that is on it is not', () => {
  const judged = judge([
    figures(25, 0),
    figures(24, 0),
    figures(45, 5),
    figures(44, 6),
    figures(20, 0, 30),
    figures(0, 0, 0, 0, null),
  ]);
  expect(judged.map(({ causes }) => causes)).toEqual([
    [],
    ['throughput'],
    [],
    ['error_rate'],
    ['throughput', 'error_rate'],
    ['throughput'],
  ]);
  expect(judged.map(({ row }) => row.anomalous)).toEqual([false, true, false, true, true, true]);
});

test('a second that is not counted is not anomalous', () => {
  expect(judge([figures(0, 50)], [false])[0]).toMatchObject({
    causes: [],
    row: { anomalous: false, counted: false },
  });
});

test('the row of a second: fail counts as throughput, unknown and dropped only as errors', () => {
  expect(judge([figures(30, 10, 6, 4, 12.345)])[0]?.row).toEqual({
    sec: 0,
    due: 50,
    ok: 30,
    fail: 10,
    unknown: 6,
    dropped: 4,
    throughput_rps: 40,
    error_rate: 0.4,
    p50_latency_ms: 12.345,
    p95_latency_ms: 24.69,
    counted: true,
    anomalous: true,
  });
});

test('a second in which nothing was due has no latency and an error rate of 0', () => {
  expect(judge([figures(0, 0, 0, 0, null)])[0]?.row).toMatchObject({
    throughput_rps: 0,
    error_rate: 0,
    p50_latency_ms: null,
    p95_latency_ms: null,
  });
});

test('numbers keep all their digits through the frame', () => {
  const p50Ms = 1234.567_890_123;
  const [second] = judge([figures(16_777_217, 2, 1, 0, p50Ms)]);
  expect(second?.row.throughput_rps).toBe(16_777_219);
  expect(second?.row.error_rate).toBe(3 / 16_777_220);
  expect(second?.row.p50_latency_ms).toBe(p50Ms);
});
