import type { Interval } from './hodges-lehmann.ts';
import { fallChances, mostExact } from './mann-kendall.ts';
import { normalQuantile } from './normal.ts';
import { quantile } from './quantile.ts';

/**
 * By how much values rise from each to the next: the median of the slopes between all pairs of them (Theil 1950, “A
 * Rank-Invariant Method of Linear and Polynomial Regression Analysis”; Sen 1968). Nearly a third of them may be anything.
 * @param values In order, two at least.
 */
export function theilSen(values: readonly number[]): number {
  return quantile(slopes(values), 0.5);
}

/**
 * The interval in which that slope lies with at least this confidence: all slopes after which, taken away, Kendall's test
 * would see no trend (Sen 1968, “Estimates of the Regression Coefficient Based on Kendall's Tau”; Hollander & Wolfe 1999,
 * 9.3). Exact for small samples without ties, else by the normal approximation; with ties it is rather too wide.
 * @param values In order, two at least.
 * @returns Null where there are too few values for that confidence.
 */
export function slopeInterval(values: readonly number[], confidence: number): Interval | null {
  const rank = outermost(values.length, (1 - confidence) / 2);
  if (rank < 1) return null;
  const sorted = slopes(values);
  return { low: sorted[rank - 1]!, high: sorted[sorted.length - rank]! };
}

/** The slopes between all pairs, sorted. */
function slopes(values: readonly number[]): Float64Array {
  const all = values.flatMap((later, index) =>
    values.slice(0, index).map((earlier, before) => (later - earlier) / (index - before)),
  );
  return Float64Array.from(all).sort();
}

/** The greatest k of which there are fewer than k falls with a probability of at most `tail`: the ends are the k-th slopes. */
function outermost(size: number, tail: number): number {
  const pairs = (size * (size - 1)) / 2;
  if (size > mostExact) {
    const deviation = Math.sqrt((size * (size - 1) * (2 * size + 5)) / 18);
    return Math.floor((pairs + 1 + normalQuantile(tail) * deviation) / 2);
  }
  const chances = fallChances(Array.from({ length: size }, () => 1));
  let below = 0;
  let rank = 0;
  while (below + chances[rank]! <= tail) {
    below += chances[rank]!;
    rank += 1;
  }
  return rank;
}
