import { describe, expect, it, test } from 'vitest';
import { configSchema } from '../model/config.ts';
import type { FineWindow } from '../model/recovery.ts';
import { faultSpan } from '../testing/analysis-builder.ts';
import { madeRun, secondsOf, seeded, type Trouble } from '../testing/made-requests.ts';
import { changePoints } from './change-points.ts';
import { segmentStarts } from './pelt.ts';

const { anomaly_detection: thresholds } = configSchema.parse({});

function changes(seed: number, trouble: Trouble | null, windows: readonly FineWindow[] = []) {
  const made = (own: number, troubles: readonly Trouble[]) => secondsOf(madeRun({ seed: own, troubles }));
  return changePoints({
    seconds: made(2 * seed + 2, trouble === null ? [] : [trouble]),
    baselineSeconds: made(2 * seed + 1, []),
    faults: [faultSpan({ requested_sec: 30, effective_sec: 30, undone_sec: 59, verified_sec: 60 })],
    nodes: ['a', 'b', 'c'],
    windows,
    thresholds,
  });
}

describe('segments', () => {
  /** All ways to split so few values, one by one. */
  function tried(values: readonly number[], penalty: number, minLength: number): number {
    let least = Number.POSITIVE_INFINITY;
    const cost = (part: readonly number[]) => {
      const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
      return part.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    for (let split = 0; split < 2 ** (values.length - 1); split += 1) {
      const starts = [0, ...values.keys().filter((at) => at > 0 && (split >> (at - 1)) & 1)];
      const parts = starts.map((start, index) => values.slice(start, starts[index + 1]));
      if (parts.some(({ length }) => length < minLength)) continue;
      least = Math.min(
        least,
        parts.reduce((sum, part) => sum + cost(part), 0) + penalty * (parts.length - 1),
      );
    }
    return least;
  }

  it('are those of the least cost of all', () => {
    const random = seeded(1);
    for (let round = 0; round < 60; round += 1) {
      const values = Array.from(
        { length: 12 },
        (_, index) => random() * 3 + (index > 6 ? (round % 4) * 1.5 : 0),
      );
      const starts = segmentStarts(values, 2, 3);
      const parts = starts.map((start, index) => values.slice(start, starts[index + 1]));
      const cost = parts
        .flatMap((part) =>
          part.map((value) => (value - part.reduce((sum, each) => sum + each, 0) / part.length) ** 2),
        )
        .reduce((sum, square) => sum + square, 2 * (parts.length - 1));
      expect(parts.every(({ length }) => length >= 3)).toBe(true);
      expect(cost).toBeCloseTo(tried(values, 2, 3), 9);
    }
  });
});

test('no change is seen where there is none, in 200 runs', () => {
  expect(Array.from({ length: 200 }, (_, seed) => changes(seed, null)).flat()).toEqual([]);
});

test('a lasting change below all thresholds is told, with the fault in force as it began', () => {
  const [change, ...others] = changes(1, { fromSec: 30, toSec: 60, share: 0.04 });
  expect(others).toEqual([]);
  expect(change).toMatchObject({ cause: 'change_point', metric: 'error_rate', ended: false, faults: ['f1'] });
  expect(Math.abs(change!.start_sec - 30)).toBeLessThanOrEqual(2);
  const [slower] = changes(3, { fromSec: 30, toSec: 60, factor: 1.45 });
  expect(slower).toMatchObject({ cause: 'change_point', metric: 'p50_latency_ms' });
  expect(slower!.magnitude! / slower!.baseline!).toBeGreaterThan(1.25);
});

test('what a window tells better is not told again', () => {
  const trouble = { fromSec: 30, toSec: 60, share: 0.04 };
  const [change] = changes(1, trouble);
  expect(changes(1, trouble, [{ ...change!, cause: 'error_rate' }])).toEqual([]);
});
