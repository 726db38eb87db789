import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from './bootstrap.ts';
import { hodgesLehmann, shiftInterval } from './hodges-lehmann.ts';
import { holm } from './holm.ts';
import { mannWhitney } from './mann-whitney.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { rankSumChances } from './rank-sum.ts';
import { leastSize, neededSize } from './sample-size.ts';

/**
 * Values marked SciPy were made by SciPy 1.17.1 (`from scipy import stats`), by the command that stands beside them; the
 * others are from published tables and examples.
 */

/** Hollander & Wolfe 1999, Table 4.1 (the example of R’s wilcox.test): a permeability at term, and at 12 to 26 weeks. */
const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const early = [1.15, 0.88, 0.9, 0.74, 1.21];
const calm = [52.1, 49.8, 50.6, 51.3, 50.2, 49.5, 51.9, 50.9];
const faulty = [47.2, 49.1, 46.5, 50.0, 48.3, 45.9, 48.8, 47.5];
const many = Array.from({ length: 30 }, (_, i) => (i * 37) % 101);
const others = Array.from({ length: 30 }, (_, i) => ((i * 53) % 103) + 8);

describe('the normal distribution', () => {
  it('is that of SciPy', () => {
    // stats.norm.cdf(v), stats.norm.ppf(p)
    expect(normalCdf(-3)).toBeCloseTo(0.0013498980316300933, 14);
    expect(normalCdf(0.3)).toBeCloseTo(0.6179114221889526, 14);
    expect(normalCdf(5)).toBeCloseTo(0.9999997133484281, 14);
    expect(normalQuantile(0.025)).toBeCloseTo(-1.9599639845400545, 12);
    expect(normalQuantile(0.999)).toBeCloseTo(3.090232306167813, 12);
  });
});

describe('mannWhitney', () => {
  it('is exact for small samples', () => {
    // The example of SciPy’s page on mannwhitneyu: U = 17 of 20, p = 0.1111…
    const test = mannWhitney([20, 11, 17, 12], [19, 22, 16, 29, 24]);
    expect(test.u).toBe(17);
    expect(test.pValue).toBeCloseTo(1 / 9, 12);
    // Hollander & Wolfe: W = 35, one-sided p = 0.1272. SciPy: stats.mannwhitneyu(atTerm, early, method='exact')
    expect(mannWhitney(early, atTerm).u).toBe(35);
    expect(mannWhitney(early, atTerm).pValue).toBeCloseTo(0.2544122544122544, 12);
    expect(mannWhitney(atTerm, early)).toEqual({ u: 15, pValue: mannWhitney(early, atTerm).pValue });
  });

  it('is exact with ties too', () => {
    // SciPy: stats.permutation_test((a, b), U, permutation_type='independent', n_resamples=np.inf)
    expect(mannWhitney([0, 0, 0, 0, 0], [3, 1, 4, 1, 5]).pValue).toBeCloseTo(0.007936507936507936, 12);
    expect(mannWhitney([1, 2, 2, 3, 5, 5], [2, 3, 5, 6]).pValue).toBeCloseTo(0.45714285714285713, 12);
    expect(mannWhitney([1, 1, 1], [1, 1, 1])).toEqual({ u: 4.5, pValue: 1 });
  });

  it('is approximated for large ones, with ties and continuity', () => {
    // SciPy: stats.mannwhitneyu(many, others, method='asymptotic'): U = 386.5 of the first
    const test = mannWhitney(many, others);
    expect(test.u).toBe(900 - 386.5);
    expect(test.pValue).toBeCloseTo(0.3515767422449878, 12);
    expect(mannWhitney(Array(30).fill(1), Array(30).fill(1)).pValue).toBe(1);
  });

  it.each([
    [5, 5, 2],
    [6, 6, 5],
    [7, 7, 8],
    [8, 8, 13],
    [10, 10, 23],
    [20, 20, 127],
  ])('has the published critical value of samples of %i and %i: %i', (first, second, critical) => {
    // Table of critical values of U, two-sided 5% (Auble 1953; Siegel 1956, Table K).
    const ranks = Array.from({ length: first + second }, (_, index) => index + 1);
    const chances = rankSumChances(ranks, second);
    const least = (second * (second + 1)) / 2;
    const atMost = (u: number) => chances.slice(0, least + u + 1).reduce((sum, chance) => sum + chance, 0);
    expect(2 * atMost(critical)).toBeLessThanOrEqual(0.05);
    expect(2 * atMost(critical + 1)).toBeGreaterThan(0.05);
  });
});

describe('hodgesLehmann', () => {
  it('has the published difference and interval', () => {
    // R: wilcox.test(atTerm, early, conf.int = TRUE): difference 0.305, 95% interval -0.15 to 0.76.
    expect(hodgesLehmann(early, atTerm)).toBeCloseTo(0.305, 12);
    const interval = shiftInterval(early, atTerm, 0.95);
    expect(interval?.low).toBeCloseTo(-0.15, 12);
    expect(interval?.high).toBeCloseTo(0.76, 12);
  });

  it('has no interval where there are too few values for it', () => {
    expect(shiftInterval([1, 2, 3], [4, 5, 6], 0.95)).toBeNull();
    expect(shiftInterval([1, 2, 3, 4], [5, 6, 7, 8], 0.95)).toEqual({ low: 1, high: 7 });
  });

  it('has that interval for large samples too', () => {
    // SciPy: the greatest k with _MWU(30, 30).cdf(k - 1) <= 0.025 is 318; the k-th differences from either end are these.
    expect(hodgesLehmann(many, others)).toBe(7);
    expect(shiftInterval(many, others, 0.95)).toEqual({ low: -9, high: 23 });
  });
});

describe('bootstrapInterval', () => {
  const options = { confidence: 0.95, seed: 7, resamples: 4000 };

  it('is that of SciPy, up to chance', () => {
    // stats.bootstrap((calm, faulty), hl, method='percentile', n_resamples=200000): (-4.10, -1.65)
    const interval = bootstrapInterval(calm, faulty, hodgesLehmann, options);
    expect(Math.abs(interval.low - -4.1)).toBeLessThan(0.15);
    expect(Math.abs(interval.high - -1.65)).toBeLessThan(0.15);
  });

  it('is the same for the same seed', () => {
    const interval = (seed: number) =>
      bootstrapInterval(calm, faulty, hodgesLehmann, { ...options, resamples: 200, seed });
    expect(interval(1)).toEqual(interval(1));
    expect(interval(1)).not.toEqual(interval(2));
  });
});

it('holm adjusts as R does', () => {
  // R: p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm")
  expect(holm([0.01, 0.02, 0.03, 0.04, 0.05])).toEqual([0.05, 0.08, 0.09, 0.09, 0.09]);
  expect(holm([0.5, 0.001, 0.4])).toEqual([0.8, 0.003, 0.8]);
});

describe('the size of samples', () => {
  it('is at least what lets the exact test speak', () => {
    // 2 / C(6, 3) = 0.1, 2 / C(8, 4) = 0.029, 2 / C(10, 5) = 0.0079, 2 / C(12, 6) = 0.0022
    expect([0.1, 0.05, 0.01, 0.05 / 6, 0.005].map(leastSize)).toEqual([3, 4, 5, 5, 6]);
  });

  it('grows as the difference gets lost in the spread', () => {
    const wish = (difference: number) => neededSize(calm, faulty, { difference, alpha: 0.05, power: 0.8 });
    // Noether 1987: (1.96 + 0.84)² / (6 (p − ½)²); where no values overlap, p = 1.
    expect(wish(-10)).toBe(6);
    expect(wish(-3)).toBe(Math.ceil(7.8489 / (6 * (62 / 64 - 0.5) ** 2)));
    expect(wish(-1)).toBeGreaterThan(wish(-2));
    expect(wish(0)).toBeGreaterThan(1000);
  });
});
