import { seededRandom } from '../model/random.ts';
import type { Interval } from './hodges-lehmann.ts';
import { quantile } from './quantile.ts';

export interface BootstrapOptions {
  readonly confidence: number;
  /** The same seed draws the same samples. */
  readonly seed: number;
  readonly resamples: number;
}

/**
 * The percentile interval of a statistic of two samples, each drawn again from itself with replacement (Efron & Tibshirani
 * 1993, “An Introduction to the Bootstrap”, 13.3). Of samples of few values it comes out too narrow.
 * @param first Not empty, as `second`.
 */
export function bootstrapInterval(
  first: readonly number[],
  second: readonly number[],
  statistic: (first: readonly number[], second: readonly number[]) => number,
  { confidence, seed, resamples }: BootstrapOptions,
): Interval {
  const random = seededRandom(seed);
  const again = (sample: readonly number[]) =>
    sample.map(() => sample[Math.floor(random() * sample.length)]!);
  const drawn = Float64Array.from({ length: resamples }, () => statistic(again(first), again(second))).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantile(drawn, tail), high: quantile(drawn, 1 - tail) };
}
