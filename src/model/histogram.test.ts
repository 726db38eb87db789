import { describe, expect, it } from 'vitest';
import { drawAt } from './draw-at.ts';
import { Histogram } from './histogram.ts';

/** Latencies from a microsecond to an hour, each order of magnitude as likely as the others. */
const latenciesMs = Array.from({ length: 20_000 }, (_, n) => 10 ** (drawAt(1, n, 0) * 9.5 - 3));

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

function nearestRank(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(Math.ceil(values.length * share), 1) - 1]!;
}

const shares = [0, 0.001, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

describe('a histogram', () => {
  it('gives each quantile to within 0.4%, and half a microsecond', () => {
    const histogram = histogramOf(latenciesMs);
    for (const share of shares) {
      const exact = nearestRank(latenciesMs, share);
      expect(Math.abs(histogram.quantileMs(share)! - exact)).toBeLessThanOrEqual(exact * 0.004 + 0.0005);
    }
  });

  it('gives count, sum and maximum exactly', () => {
    const histogram = histogramOf(latenciesMs);
    expect(histogram.count).toBe(latenciesMs.length);
    expect(histogram.sumMs).toBe(latenciesMs.reduce((sum, ms) => sum + ms, 0));
    expect(histogram.maxMs).toBe(Math.max(...latenciesMs));
    expect(histogram.quantileMs(1)).toBeLessThanOrEqual(histogram.maxMs);
  });

  it('adds up: merged parts, also from another thread, are the whole', () => {
    const whole = histogramOf(latenciesMs);
    const merged = histogramOf(latenciesMs.slice(0, 5000));
    merged.merge(Histogram.of(structuredClone(histogramOf(latenciesMs.slice(5000)).packed)));
    expect(merged.count).toBe(whole.count);
    expect(merged.maxMs).toBe(whole.maxMs);
    for (const share of shares) expect(merged.quantileMs(share)).toBe(whole.quantileMs(share));
  });

  it('counts what is at most a bound', () => {
    expect(histogramOf([0.1, 0.2, 5, 5, 1000]).countUpTo(5)).toBe(4);
    expect(histogramOf([0.1, 0.2, 5, 5, 1000]).countUpTo(0.15)).toBe(1);
    expect(histogramOf([]).countUpTo(5)).toBe(0);
  });

  it('takes what is too long for it, and knows nothing where nothing came', () => {
    const histogram = histogramOf([1e12]);
    expect(histogram.count).toBe(1);
    expect(histogram.maxMs).toBe(1e12);
    histogram.clear();
    expect(histogram.quantileMs(0.5)).toBeNull();
    expect(histogram.maxMs).toBe(0);
  });
});
