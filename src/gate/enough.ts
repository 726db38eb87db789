/** How many requests stand beyond a quantile at least before it is believed: fewer, and it is the luck of one or two. */
const beyondQuantile = 10;

/** How many latencies a quantile needs: p99 needs 1,000, p50 needs 20. */
export function neededForQuantile(percent: number): number {
  return wholeUp((beyondQuantile * 100) / Math.min(percent, 100 - percent));
}

/**
 * How many requests a limit on a share needs: as many as make the limit worth one request, so that it is not a single one
 * that decides. Where the limit is none or all of them, one request is enough to break it, and one to keep it.
 */
export function neededForShare(limit: number): number {
  const rarer = Math.min(limit, 1 - limit);
  return rarer <= 0 ? 1 : wholeUp(1 / rarer);
}

/** Up to the next whole number, but for what binary fractions add: 1000 / (100 − 99.9) is not quite 10,000. */
function wholeUp(count: number): number {
  return Math.ceil(Number(count.toPrecision(9)));
}
