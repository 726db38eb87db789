/**
 * The `share` quantile (0..1) of `sorted[from..to)`, which is sorted and not empty: linear interpolation between closest
 * ranks, type 7 of Hyndman & Fan 1996 ("Sample Quantiles in Statistical Packages"), as NumPy, pandas and DuckDB's
 * quantile_cont have it.
 */
export function quantile(sorted: ArrayLike<number>, share: number, from = 0, to = sorted.length): number {
  const rank = (to - from - 1) * share;
  const lower = Math.floor(rank);
  const below = sorted[from + lower]!;
  const above = sorted[Math.min(from + lower + 1, to - 1)]!;
  return below + (rank - lower) * (above - below);
}

/** NaN where there are none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
