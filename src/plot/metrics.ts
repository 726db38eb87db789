import type { RunChartInput } from './input.ts';
import { type Level, type Panel, panelOf } from './panel.ts';
import { highest, type Point, steps } from './series.ts';
import { colour } from './theme.ts';

/** The three metrics over time. */

export function throughputPanel(input: RunChartInput) {
  const line = steps(input.seconds, (row) => row.throughput_rps);
  const good = steps(input.seconds, (row) => row.ok);
  const mean = input.baseline_summary?.throughput_rps;
  const floor = input.thresholds?.throughput_floor_rps;
  const levels: Level[] = [];
  if (mean !== undefined) {
    levels.push({
      name: `baseline mean ${short(mean)}/s`,
      colour: colour.baseline,
      symbol: 'dashed',
      at: mean,
    });
  }
  if (floor !== undefined) {
    levels.push({
      name: `anomalous below ${short(floor)}/s`,
      colour: colour.anomaly,
      symbol: 'dotted',
      at: floor,
    });
  }
  const top = highest([line], Math.max(0, ...levels.map((level) => level.at)));
  return panelOf(input, {
    title: 'Throughput (requests/s)',
    // Below the other one, which hides it while all is well: a node that answers 500 is seen by their parting.
    lines: [
      { name: 'goodput (ok)', colour: colour.good, points: good },
      { name: 'throughput (ok or failed)', colour: colour.run, points: line },
    ],
    levels,
    scale: { domain: [0, top === 0 ? 1 : top * headroom], nice: true },
  });
}

export function latencyPanel(input: RunChartInput) {
  const p50 = steps(input.seconds, (row) => row.p50_latency_ms);
  const p95 = steps(input.seconds, (row) => row.p95_latency_ms);
  const axis = latencyScale([...p50, ...p95]);
  return panelOf(input, {
    title: axis.ticks ? 'Latency (ms, log scale)' : 'Latency (ms)',
    lines: [
      { name: 'p50', colour: colour.run, points: p50 },
      { name: 'p95', colour: colour.p95, points: p95 },
    ],
    levels: [],
    ...axis,
  });
}

export function errorPanel(input: RunChartInput) {
  const line = steps(input.seconds, (row) => row.error_rate * 100);
  const threshold = input.thresholds?.error_rate_threshold;
  const levels: Level[] =
    threshold === undefined
      ? []
      : [
          {
            name: `anomalous above ${short(threshold * 100)} %`,
            colour: colour.anomaly,
            symbol: 'dotted',
            at: threshold * 100,
          },
        ];
  const top = highest([line], Math.max(1, ...levels.map((level) => level.at)));
  return panelOf(input, {
    title: 'Error rate (%)',
    lines: [{ name: 'error rate', colour: colour.errors, points: line }],
    levels,
    scale: { domain: [0, Math.min(top * headroom, 105)], nice: false },
    isLast: true,
  });
}

/** So that the highest value does not touch the panel's edge. */
export const headroom = 1.08;

/** Linear, unless timeouts tower so far above the usual answers that these would lie flat on the ground. */
export function latencyScale(all: readonly Point[]): Pick<Panel, 'scale' | 'ticks'> {
  const positive = all.flatMap((point) => (point.y !== null && point.y > 0 ? [point.y] : []));
  const sorted = positive.sort((a, b) => a - b);
  const top = sorted.at(-1) ?? 1;
  const usual = sorted[Math.floor(sorted.length / 4)] ?? 1;
  if (top / usual < 20) return { scale: { domain: [0, top * headroom], nice: true } };
  const domain = [Math.max(sorted[0] ?? 1, top / 1e6) / 1.3, top * 1.3] as const;
  return { scale: { type: 'log', domain, nice: false, clamp: true }, ticks: logTicks(...domain) };
}

/** Powers of ten; with twice and five times of them, where there are few. */
function logTicks(bottom: number, top: number): number[] {
  const factors = top / bottom > 1000 ? [1] : [1, 2, 5];
  const decades = Array.from({ length: Math.ceil(Math.log10(top / bottom)) + 1 }, (_, index) => index);
  const lowest = Math.floor(Math.log10(bottom));
  return decades
    .flatMap((decade) => factors.map((factor) => factor * 10 ** (lowest + decade)))
    .filter((tick) => tick >= bottom && tick <= top);
}

/** At most one decimal. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
