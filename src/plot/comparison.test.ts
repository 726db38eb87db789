import { describe, expect, it } from 'vitest';
import { buildAnalysis } from '../testing/analysis-builder.ts';
import { type ComparisonInput, comparisonChart } from './comparison.ts';
import { renderChart } from './render.ts';

const usual = buildAnalysis();
const baseline = usual.baseline_summary;

async function textsOf(input: ComparisonInput): Promise<string[]> {
  const { svg, warnings } = await renderChart(comparisonChart(input));
  expect(warnings).toEqual([]);
  expect(svg).not.toContain('NaN');
  return [...svg.matchAll(/>([^<>]+)<\/(?:text|tspan)>/g)].map(([, text]) => text ?? '');
}

describe('the comparison chart', () => {
  it('prints both values of every metric with their units, and how the run differs', async () => {
    const run = { ...baseline, throughput_rps: 40, p50_latency_ms: 60.04, error_rate: 0.3333 };
    const texts = await textsOf({
      ...usual,
      run_summary: { ...run, p95_latency_ms: 290, p99_latency_ms: 5000 },
    });
    for (const text of [
      'node_failure_recovery: baseline against run',
      'baseline: baseline-http-20260314-120000',
      'run: node_failure_recovery-http-20260314-120500',
      'Throughput',
      'requests/s',
      '50/s',
      '40/s',
      '−20 %',
      'Latency p50',
      '60 ms',
      'Latency p95',
      '290 ms',
      'Latency p99',
      '5,000 ms',
      'Error rate',
      '0 %',
      '33.3 %',
      '+33.3 points',
    ]) {
      expect(texts).toContain(text);
    }
    expect(texts.filter((text) => text === 'ms')).toHaveLength(3);
  });

  it('says where there is no data, and compares nothing with it', async () => {
    const texts = await textsOf({ ...usual, run_summary: { ...baseline, p99_latency_ms: null } });
    expect(texts.filter((text) => text === 'no data')).toHaveLength(1);
    expect(texts).toContain('not comparable');
  });

  it('makes no percentage of a zero baseline', async () => {
    const zero = buildAnalysis({ rps: 0 });
    const texts = await textsOf({ ...zero, run_summary: usual.run_summary });
    expect(texts).toContain('baseline is zero');
    expect(texts.join(' ')).not.toContain('Infinity');
  });

  it('gives each metric a scale of its own', async () => {
    const { svg } = await renderChart(comparisonChart(usual));
    const heights = [...svg.matchAll(/aria-roledescription="bar" d="[^"]*"/g)];
    expect(heights).toHaveLength(10);
    const ticks = [
      ...svg.matchAll(/Y-axis titled '([^']*)' for a linear scale with values from 0 to ([\d,.]+)/g),
    ];
    expect(new Set(ticks.map(([, title, top]) => `${title} ${top}`)).size).toBeGreaterThanOrEqual(4);
  });

  it('wraps run ids of 255 characters', async () => {
    const texts = await textsOf({ ...usual, run_id: 'r'.repeat(255), baseline_id: 'w'.repeat(255) });
    expect(texts.join('')).toContain('r'.repeat(255));
    expect(texts.join('')).toContain('w'.repeat(255));
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(255);
  });
});
