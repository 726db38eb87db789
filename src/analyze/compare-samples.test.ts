import { describe, expect, it } from 'vitest';
import type { MetricComparison } from '../model/series-analysis.ts';
import { compareSamples, pairsMissing, type Samples } from './compare-samples.ts';

const calm = [50, 52, 51, 49, 53, 50.5];
const by = (change: number) => calm.map((value) => value + change);
const latency = (run: readonly number[], baseline: readonly number[] = calm): Samples => ({
  metric: 'p95_latency_ms',
  baseline,
  run,
});

function one(samples: Samples, effect = 0.1): MetricComparison {
  const [comparison] = compareSamples([samples], effect);
  if (comparison === undefined) throw new Error('no metric was compared');
  return comparison;
}

describe('compareSamples', () => {
  it('calls what is surely different worse or better, as the metric has it', () => {
    expect(one(latency(by(20)))).toMatchObject({
      baseline_median: 50.75,
      run_median: 70.75,
      difference: 20,
      margin: 5.075,
      verdict: 'worse',
      more_pairs: null,
    });
    expect(one(latency(by(-20))).verdict).toBe('better');
    expect(one({ ...latency(by(-20)), metric: 'goodput_rps' }).verdict).toBe('worse');
    expect(one({ ...latency(by(20)), metric: 'goodput_rps' }).verdict).toBe('better');
  });

  it('calls alike what differs by less than matters, also where it surely differs', () => {
    expect(one(latency(calm)).verdict).toBe('alike');
    const fine = [50, 50.01, 50.02, 50.03, 50.04, 50.05];
    const slower = fine.map((value) => value + 1);
    const sure = one(latency(slower, fine));
    expect(sure).toMatchObject({ verdict: 'alike' });
    expect(sure.p_value).toBeLessThan(0.01);
    expect(one(latency(slower, fine), 0.01).verdict).toBe('worse');
  });

  it('holds error rates against a percentage point', () => {
    const none = [0, 0, 0, 0, 0, 0];
    const rates = (rate: number) => none.map((_, index) => rate + index / 10_000);
    const errors = (run: readonly number[]) => one({ metric: 'error_rate', baseline: none, run });
    expect(errors(rates(0.004)).verdict).toBe('alike');
    expect(errors(rates(0.04)).verdict).toBe('worse');
  });

  it('says nothing where the spread hides what matters, and how many more pairs that takes', () => {
    const wide = [50, 80, 40, 60, 70, 45];
    const verdict = one(latency([55, 78, 47, 66, 72, 52], wide));
    expect(verdict.verdict).toBe('undecided');
    expect(verdict.more_pairs).toBeGreaterThan(10);
    // A wider spread hides more.
    const wider = wide.map((value) => value * 2 - 57);
    const more = one(latency(wider, wider)).more_pairs ?? Number.POSITIVE_INFINITY;
    expect(more).toBeGreaterThan(one(latency(wide, wide)).more_pairs ?? 0);
  });

  it('adjusts for the number of metrics', () => {
    const all = compareSamples(
      Array.from({ length: 6 }, () => latency(by(20))),
      0.1,
    );
    for (const { p_value, p_value_adjusted, verdict } of all) {
      expect(p_value_adjusted).toBeCloseTo(6 * p_value, 12);
      expect(verdict).toBe('worse');
    }
  });

  it('has no verdict at all where the test could not speak', () => {
    const few = (values: readonly number[]) => values.slice(0, 3);
    const apart = latency(few(by(1000)), few(calm));
    expect(one(apart)).toMatchObject({ verdict: 'undecided', interval: null });
    expect([1, 3, 4].map((runs) => pairsMissing(runs, runs, 1))).toEqual([3, 1, 0]);
    expect([2, 4, 5].map((runs) => pairsMissing(runs, runs, 6))).toEqual([3, 1, 0]);
    // As many of the one make up for few of the other, up to a point.
    expect(pairsMissing(3, 12, 1)).toBe(0);
    expect(pairsMissing(1, 12, 1)).toBe(3);
  });
});
