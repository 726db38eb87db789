import type { TrendMetric } from '../model/run-trends.ts';
import type { MetricComparison, MetricVerdict } from '../model/series-analysis.ts';
import { median } from '../stats/quantile.ts';

/** What is said of a difference between runs, and when. */

export const alpha = 0.05;
export const confidence = 1 - alpha;

/** Of all others, less is better. */
const gains: readonly TrendMetric[] = ['throughput_rps', 'goodput_rps'];
/** A difference in error rate that does not matter: of a rate that is usually 0, no share could be said. */
const errorRateMargin = 0.01;

/**
 * A difference up to this does not matter.
 * @param effect As a share of the median of the usual values.
 */
export function marginOf(metric: TrendMetric, usual: readonly number[], effect: number): number {
  return metric === 'error_rate' ? errorRateMargin : Math.abs(median(usual)) * effect;
}

/**
 * Alike where the interval lies within the margin (Westlake 1981; Schuirmann 1987), also where there surely is a difference:
 * one that does not matter. Else, where the test rejects that there is none, worse or better.
 */
export function verdictOf(
  metric: TrendMetric,
  {
    difference,
    interval,
    margin,
    p_value_adjusted: pValue,
  }: Pick<MetricComparison, 'difference' | 'interval' | 'margin' | 'p_value_adjusted'>,
): MetricVerdict {
  if (interval !== null && interval.low >= -margin && interval.high <= margin) return 'alike';
  if (pValue > alpha) return 'undecided';
  return difference > 0 === gains.includes(metric) ? 'better' : 'worse';
}
