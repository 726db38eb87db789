import { hodgesLehmann } from './hodges-lehmann.ts';
import { mannWhitney } from './mann-whitney.ts';
import { normalQuantile } from './normal.ts';

/**
 * The least size of each sample at which the exact Mann-Whitney test can come to a two-sided p-value of at most `alpha`: where
 * all values of the one are above those of the other, which of C(2n, n) orders two are.
 */
export function leastSize(alpha: number): number {
  let orders = 1;
  let size = 0;
  while (2 / orders > alpha) {
    size += 1;
    orders *= (2 * (2 * size - 1)) / size;
  }
  return size;
}

export interface WishedTest {
  /** The difference that is to be found. */
  readonly difference: number;
  /** Two-sided. */
  readonly alpha: number;
  /** The probability with which it is to be found. */
  readonly power: number;
}

/**
 * The size of each sample with which the Mann-Whitney test finds a difference at the spread of these two: Noether 1987,
 * “Sample Size Determination for Some Common Nonparametric Tests”. Infinity where the difference is lost in the spread.
 * @param first Not empty, as `second`.
 */
export function neededSize(
  first: readonly number[],
  second: readonly number[],
  { difference, alpha, power }: WishedTest,
): number {
  const shift = difference - hodgesLehmann(first, second);
  const moved = second.map((value) => value + shift);
  const greater = mannWhitney(first, moved).u / (first.length * second.length);
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  const size = z ** 2 / (6 * (greater - 0.5) ** 2);
  return Math.max(leastSize(alpha), Math.ceil(size));
}
