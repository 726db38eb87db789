import type { RunChartInput } from '../input.ts';
import { headroom, latencyScale } from '../metrics.ts';
import { highest, steps } from '../series.ts';
import { ink } from './look.ts';
import type { LivePanel } from './panel.ts';

/** The three metrics over time, as in the picture of the chart; and what was due. */
export function livePanels(input: RunChartInput): readonly LivePanel[] {
  return [throughput(input), latency(input), errors(input)];
}

export const dashes = { baseline: [6, 4], limit: [2, 3], due: [1, 3], p95: [5, 2] } as const;

function throughput({ seconds, baseline_summary: baseline, thresholds }: RunChartInput): LivePanel {
  const due = steps(seconds, (row) => row.due);
  const answered = steps(seconds, (row) => row.throughput_rps);
  const levels = [
    ...(baseline === undefined
      ? []
      : [{ at: baseline.throughput_rps, colour: ink.faint, dash: dashes.baseline }]),
    ...(thresholds === undefined
      ? []
      : [{ at: thresholds.throughput_floor_rps, colour: ink.anomaly, dash: dashes.limit }]),
  ];
  const top = highest([due, answered], Math.max(0, ...levels.map(({ at }) => at)));
  return {
    title: 'Throughput, requests per second',
    heightPx: 140,
    lines: [
      { colour: ink.ok, fill: ink.okTint, width: 1.2, points: steps(seconds, (row) => row.ok) },
      { colour: ink.answered, width: 1.8, points: answered },
      { colour: ink.due, width: 1.3, dash: dashes.due, points: due },
    ],
    levels,
    scale: { type: 'linear', domain: [0, top === 0 ? 1 : top * headroom], nice: true },
  };
}

function latency({ seconds }: RunChartInput): LivePanel {
  const p50 = steps(seconds, (row) => row.p50_latency_ms);
  const p95 = steps(seconds, (row) => row.p95_latency_ms);
  const { scale, ticks } = latencyScale([...p50, ...p95]);
  return {
    title: ticks === undefined ? 'Latency, ms' : 'Latency, ms (log scale)',
    heightPx: 120,
    lines: [
      { colour: ink.p95, width: 1.5, dash: dashes.p95, points: p95 },
      { colour: ink.p50, width: 1.8, points: p50 },
    ],
    levels: [],
    scale: { type: 'linear', ...scale },
    ...(ticks === undefined ? {} : { ticks }),
  };
}

function errors({ seconds, thresholds }: RunChartInput): LivePanel {
  const line = steps(seconds, (row) => row.error_rate * 100);
  const limit = thresholds === undefined ? [] : [thresholds.error_rate_threshold * 100];
  const top = highest([line], Math.max(1, ...limit));
  return {
    title: 'Error rate, %',
    heightPx: 90,
    lines: [{ colour: ink.errors, fill: ink.errorsTint, width: 1.5, points: line }],
    levels: limit.map((at) => ({ at, colour: ink.anomaly, dash: dashes.limit })),
    scale: { type: 'linear', domain: [0, Math.min(top * headroom, 105)], nice: false },
    isLast: true,
  };
}
