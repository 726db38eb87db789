/** The midranks of values, doubled so that all are whole numbers: the smallest value alone has 2, two that share it 3 each. */
export function doubledMidranks(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [index, value] of sorted.entries()) {
    if (!first.has(value)) first.set(value, index + 1);
    last.set(value, index + 1);
  }
  return values.map((value) => (first.get(value) ?? 0) + (last.get(value) ?? 0));
}

/**
 * The chance of each sum, by index, of `take` of the ranks, all choices being alike: the null distribution of the rank sum,
 * ties and all, by the shift algorithm (Streitberg & Röhmel 1986, "Exact Distributions for Permutation and Rank Tests").
 * @param ranks Whole numbers. The time taken is their number times `take` times their sum.
 */
export function rankSumChances(ranks: readonly number[], take: number): Float64Array {
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  const ways = Array.from({ length: take + 1 }, () => new Float64Array(most + 1));
  ways[0]![0] = 1;
  for (const rank of ranks) {
    for (let taken = take; taken > 0; taken -= 1) {
      const to = ways[taken]!;
      const from = ways[taken - 1]!;
      for (let sum = most; sum >= rank; sum -= 1) to[sum]! += from[sum - rank]!;
    }
  }
  const chosen = ways[take]!;
  const all = chosen.reduce((sum, count) => sum + count, 0);
  return chosen.map((count) => count / all);
}
