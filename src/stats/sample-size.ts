import { hodgesLehmann } from './hodges-lehmann.ts';
import { mannWhitney } from './mann-whitney.ts';
import { normalQuantile } from './normal.ts';

/**
 * The least two-sided p-value that the exact Mann-Whitney test of samples of these sizes can come to: where all values of the
 * one are above those of the other, as in two of all orders.
 */
export function leastPValue(firstSize: number, secondSize: number): number {
  let orders = 1;
  for (let number = 1; number <= secondSize; number += 1) orders *= (firstSize + number) / number;
  return Math.min(1, 2 / orders);
}

/** The least size of each sample at which that test can come to a two-sided p-value of at most `alpha`. */
export function leastSize(alpha: number): number {
  let size = 1;
  while (leastPValue(size, size) > alpha) size += 1;
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
