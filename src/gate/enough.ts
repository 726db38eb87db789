import type { Comparison } from '../model/comparison.ts';

/** How many requests stand beyond a quantile at least before it is believed: fewer, and it is the luck of one or two. */
const beyondQuantile = 10;
/** How many requests against a limit are no luck where at the limit itself less than one was to be expected. */
const surelyAgainst = 10;

/** How many latencies a quantile needs: p99 needs 1,000, p50 needs 20. */
export function neededForQuantile(percent: number): number {
  return wholeUp((beyondQuantile * 100) / Math.min(percent, 100 - percent));
}

/** The highest percentile that so many latencies show, in whole hundredths, downward; null where they do not show the median. */
export function highestPercentOf(latencies: number): number | null {
  if (latencies < neededForQuantile(50)) return null;
  return Math.floor((1 - beyondQuantile / latencies) * 10_000) / 100;
}

/**
 * How many requests a limit on a share needs: as many as make the limit worth one request, so that it is not a single one
 * that decides. Where the limit is none or all of them, one request is enough to break it, and one to keep it.
 */
export function neededForShare(limit: number): number {
  const rarer = Math.min(limit, 1 - limit);
  return rarer <= 0 ? 1 : wholeUp(1 / rarer);
}

/**
 * Whether a share is beyond its limit for certain, of however few requests: what speaks against it is what the limit keeps
 * rare, would come less than once at the limit, and came ten times.
 */
export function isSurelyBeyond(
  share: number,
  requests: number,
  { comparison, limit }: { readonly comparison: Comparison; readonly limit: number },
): boolean {
  switch (comparison) {
    case '<':
    case '<=':
      return limit * requests < 1 && Math.round(share * requests) >= surelyAgainst;
    case '>':
    case '>=':
      return (1 - limit) * requests < 1 && Math.round((1 - share) * requests) >= surelyAgainst;
    case '==':
    case '!=':
      return false;
  }
}

/** Up to the next whole number, but for what binary fractions add: 1000 / (100 − 99.9) is not quite 10,000. */
function wholeUp(count: number): number {
  return Math.ceil(Number(count.toPrecision(9)));
}
