import { mostExact } from './mann-whitney.ts';
import { normalQuantile } from './normal.ts';
import { quantile } from './quantile.ts';
import { rankSumChances } from './rank-sum.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * By how much the values of the second sample are greater than those of the first: the median of all differences between
 * one of each (Hodges & Lehmann 1963, “Estimates of Location Based on Rank Tests”).
 * @param first Not empty, as `second`.
 */
export function hodgesLehmann(first: readonly number[], second: readonly number[]): number {
  return quantile(differences(first, second), 0.5);
}

/**
 * The interval in which that difference lies with at least this confidence: all shifts that the two-sided Mann-Whitney test
 * would not reject (Moses 1965; Hollander & Wolfe 1999, “Nonparametric Statistical Methods”, 4.3).
 * @returns Null where the samples are too small for that confidence.
 */
export function shiftInterval(
  first: readonly number[],
  second: readonly number[],
  confidence: number,
): Interval | null {
  const rank = outermost(first.length, second.length, (1 - confidence) / 2);
  if (rank < 1) return null;
  const sorted = differences(first, second);
  return { low: sorted[rank - 1]!, high: sorted[sorted.length - rank]! };
}

/** The differences of all pairs, sorted. */
function differences(first: readonly number[], second: readonly number[]): Float64Array {
  const all = new Float64Array(first.length * second.length);
  for (const [row, after] of second.entries())
    for (const [column, before] of first.entries()) all[row * first.length + column] = after - before;
  return all.sort();
}

/** The greatest k of which U is below k with a probability of at most `tail`: the interval’s ends are the k-th differences. */
function outermost(firstSize: number, secondSize: number, tail: number): number {
  const size = firstSize + secondSize;
  const pairs = firstSize * secondSize;
  if (size > mostExact) {
    const deviation = Math.sqrt((pairs * (size + 1)) / 12);
    return Math.floor(pairs / 2 + 0.5 + normalQuantile(tail) * deviation);
  }
  const ranks = Array.from({ length: size }, (_, index) => index + 1);
  const chances = rankSumChances(ranks, secondSize);
  const least = (secondSize * (secondSize + 1)) / 2;
  let below = 0;
  let rank = 0;
  while (below + chances[least + rank]! <= tail) {
    below += chances[least + rank]!;
    rank += 1;
  }
  return rank;
}
