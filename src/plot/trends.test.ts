import { describe, expect, it } from 'vitest';
import type { ComparedRun, RunTrends, Trend } from '../model/run-trends.ts';
import { buildAnalysis } from '../testing/analysis-builder.ts';
import { renderChart } from './render.ts';
import { trendChart } from './trends.ts';

const { baseline_summary: summary } = buildAnalysis({ durationSec: 4 });

function runOf(number: number, change: Partial<ComparedRun> = {}): ComparedRun {
  const recovery = { fault: 'f1', kind: 'kill', node: 'a', observed_for_sec: 12 } as const;
  return {
    run_id: `night-${number}`,
    started_at_sec: number * 86_400,
    scenario: 'node_failure',
    mode: 'http',
    status: 'complete',
    summary: { ...summary, p95_latency_ms: 100 + number },
    recoveries: [{ ...recovery, time_to_recover_sec: number === 3 ? null : 4 + number / 10 }],
    lost_writes: null,
    writes_checked: false,
    gates: null,
    left_out: null,
    warnings: [],
    ...change,
  };
}

const trend: Trend = {
  metric: 'p95_latency_ms',
  fault: null,
  run_ids: [],
  values: [],
  change_pct: 7,
  slope: 1,
  interval: null,
  margin: 1,
  p_value: 0.001,
  p_value_adjusted: 0.005,
  verdict: 'worse',
  runs_missing: 0,
  why: null,
};

function trendsOf(runs: readonly ComparedRun[], groups: readonly (readonly string[])[]): RunTrends {
  const made = groups.map((run_ids, index) => ({
    run_ids,
    scenario: ['node_failure', 'surge'][index]!,
    differs: index === 0 ? [] : ['another one'],
    trends: [trend],
  }));
  return { baseline_id: 'calm', runs, groups: made, confidence: 0.95, warnings: [] };
}

async function textsOf(trends: RunTrends): Promise<string[]> {
  const { svg, warnings } = await renderChart(trendChart(trends));
  expect(warnings).toEqual([]);
  expect(svg).not.toContain('NaN');
  return [...svg.matchAll(/>([^<>]+)<\/(?:text|tspan)>/g)].map(([, text]) => text ?? '');
}

describe('the chart of trends', () => {
  it('has a panel for each metric and fault, with its verdict, and says what hollow points and triangles are', async () => {
    const runs = [runOf(1), runOf(2, { left_out: 'it is interrupted' }), runOf(3), runOf(4)];
    const texts = await textsOf(trendsOf(runs, [runs.map(({ run_id }) => run_id)]));
    for (const text of [
      '4 runs, by their start',
      'from night-1 to night-4',
      'Throughput',
      'Error rate',
      'Latency p99',
      'Recovery from f1 kill',
      'worse',
      'hollow: no part of a trend',
      'triangle: it took longer than that',
    ])
      expect(texts).toContain(text);
  });

  it('tells runs that are not comparable apart, and gives no verdict for all of them', async () => {
    const texts = await textsOf(trendsOf([runOf(1), runOf(2)], [['night-1'], ['night-2']]));
    expect(texts).toContain('1: node_failure');
    expect(texts).toContain('2: surge');
    expect(texts).not.toContain('worse');
  });

  it('leaves out what no run has', async () => {
    const none = { ...summary, p99_latency_ms: null };
    const runs = [1, 2].map((number) => runOf(number, { summary: none, recoveries: null }));
    const texts = await textsOf(trendsOf(runs, [['night-1', 'night-2']]));
    expect(texts).toContain('Latency p95');
    expect(texts).not.toContain('Latency p99');
  });
});
