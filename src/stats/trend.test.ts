import { describe, expect, it } from 'vitest';
import { fallChances, leastTrendSize, mannKendall } from './mann-kendall.ts';
import { slopeInterval, theilSen } from './theil-sen.ts';

/** Values marked SciPy were made by SciPy 1.17.1 (`from scipy import stats`), by the command that stands beside them. */

const calm = [52.1, 49.8, 50.6, 51.3, 50.2, 49.5, 51.9, 50.9];
const rising = [20.1, 20.4, 19.9, 21.2, 21, 22.3, 21.8, 22.9];
const many = Array.from({ length: 60 }, (_, i) => ((i * 37) % 101) + i / 4);
const coarse = many.map((value) => Math.floor(value / 10));

describe('mannKendall', () => {
  it('is exact for small samples', () => {
    // stats.kendalltau(range(8), values, method='exact'): tau is S over the 28 pairs.
    expect(mannKendall(calm).s).toBe(-2);
    expect(mannKendall(calm).pValue).toBeCloseTo(0.9048611111111111, 12);
    expect(mannKendall(rising).s).toBe(20);
    expect(mannKendall(rising).pValue).toBeCloseTo(0.014136904761904762, 12);
    expect(mannKendall(rising.toReversed())).toEqual({ s: -20, pValue: mannKendall(rising).pValue });
  });

  it('is exact with ties too', () => {
    // stats.permutation_test((values,), S, permutation_type='pairings', n_resamples=np.inf)
    expect(mannKendall([1, 2, 2, 3, 3, 5, 4]).pValue).toBeCloseTo(0.007936507936507936, 12);
    expect(mannKendall([0, 0, 0, 1, 0, 2]).pValue).toBeCloseTo(0.2, 12);
    expect(mannKendall([3, 3, 3, 3])).toEqual({ s: 0, pValue: 1 });
  });

  it('is approximated for large ones, with ties and continuity', () => {
    // 2 * stats.norm.sf((abs(S) - 1) / sqrt(variance)), Kendall 1975
    expect(mannKendall(many).s).toBe(282);
    expect(mannKendall(many).pValue).toBeCloseTo(0.07310129021205365, 12);
    expect(mannKendall(coarse).s).toBe(238);
    expect(mannKendall(coarse).pValue).toBeCloseTo(0.1285630273865753, 12);
    expect(mannKendall(Array(60).fill(1)).pValue).toBe(1);
  });

  it.each([
    [5, 10],
    [6, 13],
    [7, 15],
    [8, 18],
    [9, 20],
    [10, 23],
  ])('has the published critical value of S of %i values: %i', (size, critical) => {
    // Kendall 1975, Appendix Table 1: two-sided 5%. So many pairs rise more than fall.
    const chances = fallChances(Array.from({ length: size }, () => 1));
    const pairs = (size * (size - 1)) / 2;
    const atLeast = (s: number) =>
      chances.slice(0, (pairs - s) / 2 + 1).reduce((sum, chance) => sum + chance, 0);
    expect(2 * atLeast(critical)).toBeLessThanOrEqual(0.05);
    expect(2 * atLeast(critical - 2)).toBeGreaterThan(0.05);
  });

  it('says how many values it takes', () => {
    // 2 / 4! = 0.083, 2 / 5! = 0.017, 2 / 6! = 0.0028, 2 / 7! = 0.0004
    expect([0.1, 0.05, 0.01, 0.001].map(leastTrendSize)).toEqual([4, 5, 6, 7]);
    expect(mannKendall([1, 2, 3, 4, 5, 6]).pValue).toBeCloseTo(2 / 720, 12);
  });
});

describe('theilSen', () => {
  it('is that of SciPy', () => {
    // stats.theilslopes(values).slope
    expect(theilSen(calm)).toBeCloseTo(-0.054166666666666544, 12);
    expect(theilSen(rising)).toBeCloseTo(0.4, 12);
    expect(theilSen(many)).toBeCloseTo(0.5227272727272727, 12);
  });

  it('is not moved by one value that is anything', () => {
    expect(theilSen([1, 2, 3, 4000, 5, 6, 7])).toBe(1);
  });

  it('lies in an interval that is exact for few values', () => {
    // The sixth slopes from either end: _kendall_p_exact(8, 5) / 2 <= 0.025 < _kendall_p_exact(8, 6) / 2
    const interval = slopeInterval(rising, 0.95);
    expect(interval?.low).toBeCloseTo(0.2, 12);
    expect(interval?.high).toBeCloseTo(0.6, 12);
    // One order of 24 is not rare enough for that confidence.
    expect(slopeInterval([1, 2, 3, 4], 0.95)).toBeNull();
    expect(slopeInterval([1, 2, 3, 4, 6], 0.95)).toEqual({ low: 1, high: 2 });
  });

  it('lies in that of SciPy where there are many', () => {
    // stats.theilslopes(many, alpha=0.95)
    const interval = slopeInterval(many, 0.95);
    expect(interval?.low).toBeCloseTo(-0.1574074074074074, 12);
    expect(interval?.high).toBeCloseTo(0.89, 12);
  });
});
