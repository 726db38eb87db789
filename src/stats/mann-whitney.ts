import { normalCdf } from './normal.ts';
import { doubledMidranks, rankSumChances } from './rank-sum.ts';

export interface MannWhitney {
  /** In how many pairs the second sample’s value is the greater one, a tie counting half: 0 to the product of the sizes. */
  readonly u: number;
  /** Two-sided. */
  readonly pValue: number;
}

/** With more values than this in both samples together, the normal approximation does. */
export const mostExact = 50;

/**
 * Whether values of the second sample tend to be greater, or smaller, than those of the first: Mann & Whitney 1947, “On a
 * Test of Whether one of Two Random Variables is Stochastically Larger than the Other”. Exact for small samples, given their
 * ties; else by the normal approximation with the corrections for ties and continuity (Lehmann 1975, “Nonparametrics”).
 * @param first Not empty, as `second`. Their values must be independent of each other.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney {
  const ranks = doubledMidranks([...first, ...second]);
  const sum = ranks.slice(first.length).reduce((total, rank) => total + rank, 0);
  const u = (sum - second.length * (second.length + 1)) / 2;
  const pValue =
    ranks.length <= mostExact
      ? exactPValue(ranks, second.length, sum)
      : approximatePValue(ranks, first.length, second.length, u);
  return { u, pValue };
}

function exactPValue(ranks: readonly number[], take: number, sum: number): number {
  const chances = rankSumChances(ranks, take);
  const total = (part: Float64Array) => part.reduce((all, chance) => all + chance, 0);
  const atMost = total(chances.subarray(0, sum + 1));
  const atLeast = total(chances.subarray(sum));
  return Math.min(1, 2 * Math.min(atMost, atLeast));
}

function approximatePValue(
  ranks: readonly number[],
  firstSize: number,
  secondSize: number,
  u: number,
): number {
  const size = ranks.length;
  const tied = [...Map.groupBy(ranks, (rank) => rank).values()].map(({ length }) => length ** 3 - length);
  const ties = tied.reduce((all, one) => all + one, 0) / (size * (size - 1));
  const pairs = firstSize * secondSize;
  const deviation = Math.sqrt((pairs / 12) * (size + 1 - ties));
  // All values are the same.
  if (deviation === 0) return 1;
  const distance = Math.max(0, Math.abs(u - pairs / 2) - 0.5);
  return Math.min(1, 2 * normalCdf(-distance / deviation));
}
