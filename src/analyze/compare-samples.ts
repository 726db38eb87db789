import type { MetricComparison, RunMetric } from '../model/series-analysis.ts';
import { bootstrapInterval } from '../stats/bootstrap.ts';
import { hodgesLehmann, shiftInterval } from '../stats/hodges-lehmann.ts';
import { holm } from '../stats/holm.ts';
import { mannWhitney } from '../stats/mann-whitney.ts';
import { median } from '../stats/quantile.ts';
import { leastPValue, leastSize, neededSize } from '../stats/sample-size.ts';
import { alpha, confidence, marginOf, verdictOf } from './verdict.ts';

/** The values of one metric, one for each run; none of the two is empty. */
export interface Samples {
  readonly metric: RunMetric;
  readonly baseline: readonly number[];
  readonly run: readonly number[];
}

/** The probability with which the runs that are said to be missing are to find a difference. */
const power = 0.8;
/** More runs than this are none that anybody makes. */
const mostPairs = 1000;
/** The same data make the same interval. */
const bootstrap = { confidence, seed: 1, resamples: 1000 };

/** How many more pairs there must be before the test can tell anything, this many metrics being looked at. */
export function pairsMissing(baselines: number, runs: number, metrics: number): number {
  if (leastPValue(baselines, runs) <= alpha / metrics) return 0;
  return Math.max(1, leastSize(alpha / metrics) - Math.min(baselines, runs));
}

/**
 * Holds runs against runs, metric by metric.
 * @param effect A difference up to this share of the baseline’s median does not matter.
 */
export function compareSamples(all: readonly Samples[], effect: number): readonly MetricComparison[] {
  const pValues = all.map(({ baseline, run }) => mannWhitney(baseline, run).pValue);
  const adjusted = holm(pValues);
  return all.map((samples, index) => {
    const { metric, baseline, run } = samples;
    const difference = hodgesLehmann(baseline, run);
    const facts = {
      difference,
      interval: shiftInterval(baseline, run, confidence),
      margin: marginOf(metric, baseline, effect),
      p_value_adjusted: adjusted[index]!,
    };
    const missing = pairsMissing(baseline.length, run.length, all.length);
    const verdict = missing > 0 ? 'undecided' : verdictOf(metric, facts);
    return {
      ...samples,
      ...facts,
      baseline_median: median(baseline),
      run_median: median(run),
      bootstrap_interval: bootstrapInterval(baseline, run, hodgesLehmann, bootstrap),
      p_value: pValues[index]!,
      verdict,
      more_pairs: verdict === 'undecided' ? morePairs(samples, facts, all.length) : null,
    };
  });
}

/** Enough to find the difference that is there, or else the smallest that matters, at the spread seen so far. */
function morePairs(
  { baseline, run }: Samples,
  { difference, margin }: Pick<MetricComparison, 'difference' | 'margin'>,
  metrics: number,
): number | null {
  const sought = Math.sign(difference || 1) * Math.max(Math.abs(difference), margin);
  const size = neededSize(baseline, run, { difference: sought, alpha: alpha / metrics, power });
  const pairs = Math.min(baseline.length, run.length);
  return size > mostPairs ? null : Math.max(1, size - pairs);
}
