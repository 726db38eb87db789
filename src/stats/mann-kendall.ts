import { normalCdf } from './normal.ts';
import { rankSumChances } from './rank-sum.ts';

export interface MannKendall {
  /** How many pairs of values rise with time, less those that fall; Kendall's S. */
  readonly s: number;
  /** Two-sided. */
  readonly pValue: number;
}

/** With more values than this, the normal approximation does. */
export const mostExact = 50;

/**
 * Whether values, in the order of time, tend to rise or to fall: Mann 1945, “Nonparametric Tests Against Trend”, which is
 * Kendall's test with time as the one variable. Exact for small samples, given their ties; else by the normal approximation
 * with the corrections for ties and continuity (Kendall 1975, “Rank Correlation Methods”).
 * @param values Not empty, and independent of each other.
 */
export function mannKendall(values: readonly number[]): MannKendall {
  let rises = 0;
  let falls = 0;
  for (const [index, later] of values.entries()) {
    for (const earlier of values.slice(0, index)) {
      if (later > earlier) rises += 1;
      else if (later < earlier) falls += 1;
    }
  }
  const ties = [...Map.groupBy(values, (value) => value).values()].map(({ length }) => length);
  const s = rises - falls;
  const pValue =
    values.length <= mostExact ? exactPValue(ties, Math.min(rises, falls)) : approximatePValue(ties, s);
  return { s, pValue };
}

/**
 * The chance of each number of falls among values of which so many are alike each, all orders being alike. Each group of
 * equals is put among those before it, which makes as many falls as Mann and Whitney's U of the two counts.
 */
export function fallChances(ties: readonly number[]): Float64Array {
  let chances = Float64Array.of(1);
  let before = 0;
  for (const size of ties) {
    const ranks = Array.from({ length: before + size }, (_, index) => index + 1);
    const least = (size * (size + 1)) / 2;
    const falls = rankSumChances(ranks, size).subarray(least, least + before * size + 1);
    chances = sumChances(chances, falls);
    before += size;
  }
  return chances;
}

/** The chance of each sum of two numbers, whose own chances are given by index. */
function sumChances(first: Float64Array, second: Float64Array): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(first.length + second.length - 1);
  for (const [one, chance] of first.entries())
    for (const [other, also] of second.entries()) sums[one + other]! += chance * also;
  return sums;
}

/** As likely as so many falls or fewer, or so many rises or fewer. */
function exactPValue(ties: readonly number[], fewer: number): number {
  const atMost = fallChances(ties)
    .subarray(0, fewer + 1)
    .reduce((sum, chance) => sum + chance, 0);
  return Math.min(1, 2 * atMost);
}

function approximatePValue(ties: readonly number[], s: number): number {
  const size = ties.reduce((sum, tied) => sum + tied, 0);
  const spread = (count: number) => count * (count - 1) * (2 * count + 5);
  const variance = (spread(size) - ties.reduce((sum, tied) => sum + spread(tied), 0)) / 18;
  // All values are the same.
  if (variance === 0) return 1;
  const distance = Math.max(0, Math.abs(s) - 1);
  return Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance)));
}

/** The least number of values at which the test can come to a two-sided p-value of at most `alpha`: where each rises. */
export function leastTrendSize(alpha: number): number {
  let size = 1;
  for (let orders = 1; 2 / orders > alpha; orders *= size) size += 1;
  return size;
}
