import { segmentStarts } from './pelt.ts';
import { median } from '../stats/quantile.ts';

/** A segment has so many points, and a series that is to be split. */
export const leastPoints = 10;
/** Further off a second does not count for more, in standard deviations. */
const mostDeviation = 3;
/** A longer series is made as short, by medians. */
const mostPoints = 2000;

/** What is measured of a second. */
export interface Value {
  readonly sec: number;
  readonly value: number;
}

/** A stretch of a series at one level. */
export interface Segment {
  readonly startSec: number;
  readonly endSec: number;
  readonly points: number;
  readonly level: number;
}

/** A series at its levels: see `segmentStarts`. */
export function segmentsOf(values: readonly Value[], noise: number): Segment[] {
  const perPoint = Math.max(Math.ceil(values.length / mostPoints), 1);
  const points = Array.from({ length: Math.floor(values.length / perPoint) }, (_, index) => {
    const own = values.slice(index * perPoint, (index + 1) * perPoint);
    return { sec: own[0]!.sec, value: median(own.map(({ value }) => value)) };
  });
  if (points.length < leastPoints) return [];
  // No single second, however odd, makes a segment.
  const middle = median(points.map(({ value }) => value));
  const scaled = points.map(({ value }) =>
    Math.min(Math.max((value - middle) / noise, -mostDeviation), mostDeviation),
  );
  const starts = segmentStarts(scaled, 4 * Math.log(points.length), leastPoints);
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? points.length;
    const own = points.slice(start, end);
    return {
      startSec: own[0]!.sec,
      endSec: points[end]?.sec ?? values.at(-1)!.sec + 1,
      points: own.length,
      level: median(own.map(({ value }) => value)),
    };
  });
}

/**
 * The standard deviation of a mean of such values, times the root of their number: that of single ones by the median
 * absolute deviation, and more where each is like the one before (of first order: (1 + ρ) / (1 − ρ)).
 */
export function noiseOf(values: readonly number[]): number {
  const middle = median(values);
  const off = values.map((value) => value - middle);
  const deviation = 1.4826 * median(off.map(Math.abs));
  const square = off.reduce((sum, value) => sum + value * value, 0);
  const product = off.reduce((sum, value, index) => sum + value * (off[index - 1] ?? 0), 0);
  const likeness = square === 0 ? 0 : Math.min(Math.max(product / square, 0), 0.8);
  return deviation * Math.sqrt((1 + likeness) / (1 - likeness));
}
