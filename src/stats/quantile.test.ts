import { expect, test } from 'vitest';
import { median, quantile } from './quantile.ts';

test('quantiles lie between closest ranks, as NumPy has them', () => {
  const sorted = [10, 20, 30, 40];
  expect(quantile(sorted, 0)).toBe(10);
  expect(quantile(sorted, 0.5)).toBe(25); // rank 1.5
  expect(quantile(sorted, 0.95)).toBeCloseTo(38.5, 12); // rank 2.85
  expect(quantile(sorted, 1)).toBe(40);
  expect(quantile([7], 0.95)).toBe(7);
});

test('a quantile of a part leaves the rest aside', () => {
  expect(quantile([1, 10, 20, 99], 0.5, 1, 3)).toBe(15);
});

test('the median sorts for itself, and of nothing there is none', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});
