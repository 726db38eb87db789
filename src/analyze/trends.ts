import type { Trend } from '../model/run-trends.ts';
import { holm } from '../stats/holm.ts';
import { leastTrendSize, mannKendall } from '../stats/mann-kendall.ts';
import { slopeInterval, theilSen } from '../stats/theil-sen.ts';
import { alpha, confidence, marginOf, verdictOf } from './verdict.ts';

/** The values of one metric over runs, one for each that has it, in the order of their start; one at least. */
export type Track = Pick<Trend, 'metric' | 'fault' | 'run_ids' | 'values' | 'why'>;

type Tested = Pick<Trend, 'slope' | 'interval' | 'p_value' | 'p_value_adjusted' | 'verdict'>;

const untested: Tested = {
  slope: null,
  interval: null,
  p_value: null,
  p_value_adjusted: null,
  verdict: 'undecided',
};

/**
 * How each metric goes over the runs, where there are enough of them for a verdict: each run is one observation, and they are
 * taken as evenly apart, whenever they were made.
 * @param effect A change up to this share of the median does not matter.
 */
export function trendsOf(tracks: readonly Track[], effect: number): readonly Trend[] {
  const open = tracks.filter(({ why }) => why === null);
  const needed = leastTrendSize(alpha / Math.max(open.length, 1));
  const enough = open.filter(({ values }) => values.length >= needed);
  const pValues = enough.map(({ values }) => mannKendall(values).pValue);
  const adjusted = holm(pValues);
  return tracks.map((track) => {
    const { metric, values, why } = track;
    const margin = marginOf(metric, values, effect);
    const index = enough.indexOf(track);
    const tested = index < 0 ? untested : testedAs(track, margin, pValues[index]!, adjusted[index]!);
    return {
      ...track,
      change_pct: changePct(values),
      margin,
      ...tested,
      runs_missing: why === null ? Math.max(0, needed - values.length) : 0,
    };
  });
}

function testedAs({ metric, values }: Track, margin: number, pValue: number, adjusted: number): Tested {
  const slope = theilSen(values);
  const interval = slopeInterval(values, confidence);
  const steps = values.length - 1;
  const verdict = verdictOf(metric, {
    difference: slope * steps,
    interval: interval && { low: interval.low * steps, high: interval.high * steps },
    margin,
    p_value_adjusted: adjusted,
  });
  return { slope, interval, p_value: pValue, p_value_adjusted: adjusted, verdict };
}

function changePct(values: readonly number[]): number | null {
  const [first = 0] = values;
  const last = values.at(-1) ?? 0;
  return first === 0 ? null : ((last - first) / first) * 100;
}
