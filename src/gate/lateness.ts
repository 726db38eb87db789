import { lagLimitsMs } from '../analyze/findings.ts';
import type { Gate } from '../model/gate.ts';
import type { Manifest } from '../model/manifest.ts';

/**
 * Why a latency beyond its limit may be the generator's doing, which was late itself: a latency counts from when its request was
 * due. Null where without that it would be beyond the limit all the same.
 */
export function latenessDoubt(
  { metric, comparison, limit }: Gate,
  measuredMs: number | null,
  manifest: Manifest | null,
): string | null {
  const lag = manifest?.schedule_lag ?? null;
  if (metric.of !== 'quantile' || lag === null || measuredMs === null) return null;
  const [share, lagMs] = metric.percent <= 99 ? ['p99', lag.p99_ms] : ['at most', lag.max_ms];
  const isUpper = comparison === '<' || comparison === '<=';
  if (!isUpper || lagMs < lagLimitsMs.shows || measuredMs <= limit || measuredMs - lagMs > limit) return null;
  return `the generator was late itself by ${Math.round(lagMs)} ms (${share}), which may be all that is beyond the limit`;
}
