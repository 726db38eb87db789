import type { ComparedRun, RunTrends, Trend, TrendMetric } from '../model/run-trends.ts';
import type { RunMetric } from '../model/series-analysis.ts';
import type { ChartSpec } from './render.ts';
import { wrapText } from './text.ts';
import { textAt } from './text-layer.ts';
import { colour, config } from './theme.ts';

/** One metric of a run. */
interface Point {
  /** The run's number, from 1 on. */
  readonly run: number;
  readonly value: number;
  /** Which group it is of, as the key names it. */
  readonly group: string;
  /** `open`: it took longer than that. */
  readonly kind: 'counted' | 'left out' | 'open';
}

/** What a panel is drawn from: a metric of all runs or, of recovery, that from one fault. */
interface Subject {
  readonly title: string;
  readonly unit: string;
  readonly metric: TrendMetric;
  readonly fault: string | null;
  readonly valueOf: (run: ComparedRun) => { readonly value: number; readonly isOpen: boolean } | null;
}

const plain: readonly (readonly [metric: RunMetric, title: string, unit: string, factor: number])[] = [
  ['throughput_rps', 'Throughput', 'requests/s', 1],
  ['error_rate', 'Error rate', '%', 100],
  ['p50_latency_ms', 'Latency p50', 'ms', 1],
  ['p95_latency_ms', 'Latency p95', 'ms', 1],
  ['p99_latency_ms', 'Latency p99', 'ms', 1],
];

const columns = 3;
const panelWidth = 230;
const panelHeight = 130;
const spacing = 54;
const chartWidth = columns * panelWidth + (columns - 1) * spacing;
const headroom = 1.1;
const groupColours = [colour.run, colour.p95, colour.good, colour.fault, colour.errors, colour.baseline];

/** Runs in their order, a panel for each metric, each on a scale of its own that begins at 0. */
export function trendChart(trends: RunTrends): ChartSpec {
  const { runs, groups } = trends;
  const names = groups.map(({ scenario }, index) => `${index + 1}: ${scenario ?? 'of another origin'}`);
  const drawn = [...plain.map(plainSubject), ...recoverySubjects(runs)]
    .map((subject) => ({ subject, points: pointsOf(subject, trends, names) }))
    .filter(({ points }) => points.length > 0);
  const kinds = new Set(drawn.flatMap(({ points }) => points.map(({ kind }) => kind)));
  const subtitle = [
    `from ${runs[0]!.run_id} to ${runs.at(-1)!.run_id}`,
    ...(kinds.has('left out') ? ['hollow: no part of a trend'] : []),
    ...(kinds.has('open') ? ['triangle: it took longer than that'] : []),
  ];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config,
    title: {
      text: `${runs.length} runs, by their start`,
      subtitle: subtitle.flatMap((line) => wrapText(line, chartWidth, config.title.subtitleFontSize)),
    },
    columns,
    spacing,
    concat: drawn.map(({ subject, points }) =>
      panelOf(subject, points, { names, runs: runs.length, caption: captionOf(subject, trends) }),
    ),
  };
}

function plainSubject([metric, title, unit, factor]: (typeof plain)[number]): Subject {
  const valueOf = ({ summary }: ComparedRun) => {
    const value = summary[metric];
    return value === null ? null : { value: value * factor, isOpen: false };
  };
  return { title, unit, metric, fault: null, valueOf };
}

function recoverySubjects(runs: readonly ComparedRun[]): readonly Subject[] {
  const all = runs.flatMap(({ recoveries }) => recoveries ?? []);
  const faults = new Map(all.map(({ fault, kind }) => [`${fault} ${kind}`, { fault, kind }]));
  return [...faults].map(([name, { fault, kind }]) => ({
    title: `Recovery from ${name}`,
    unit: 's',
    metric: 'time_to_recover_sec',
    fault,
    valueOf({ recoveries }) {
      const own = recoveries?.find((one) => one.fault === fault && one.kind === kind);
      if (own === undefined) return null;
      const { time_to_recover_sec: took, observed_for_sec: observed } = own;
      return { value: took ?? observed, isOpen: took === null };
    },
  }));
}

function pointsOf({ valueOf }: Subject, { runs, groups }: RunTrends, names: readonly string[]): Point[] {
  return runs.flatMap((run, index) => {
    const found = valueOf(run);
    if (found === null) return [];
    const group = names[groups.findIndex(({ run_ids }) => run_ids.includes(run.run_id))] ?? '';
    const kind = found.isOpen ? 'open' : run.left_out === null ? 'counted' : 'left out';
    return [{ run: index + 1, value: found.value, group, kind }];
  });
}

/** What came of it, where that can be said of all runs together. */
function captionOf({ metric, fault }: Subject, { groups }: RunTrends): string {
  const isOwn = (trend: Trend) => trend.metric === metric && (trend.fault?.id ?? null) === fault;
  const trend = groups.length === 1 ? groups[0]!.trends.find(isOwn) : undefined;
  if (trend === undefined) return '';
  return trend.runs_missing > 0 ? `no verdict: ${trend.runs_missing} more needed` : trend.verdict;
}

interface PanelFrame {
  readonly names: readonly string[];
  readonly runs: number;
  readonly caption: string;
}

function panelOf({ title, unit }: Subject, points: readonly Point[], { names, runs, caption }: PanelFrame) {
  const top = Math.max(...points.map(({ value }) => value));
  const of = (kind: Point['kind']) => points.filter((point) => point.kind === kind);
  const layers = [
    { values: of('counted'), mark: { type: 'line' as const, strokeWidth: 1.5 } },
    { values: of('counted'), mark: { type: 'point' as const, filled: true, size: 40 } },
    { values: of('left out'), mark: { type: 'point' as const, filled: false, size: 40 } },
    { values: of('open'), mark: { type: 'point' as const, shape: 'triangle-up', filled: true, size: 60 } },
  ];
  return {
    width: panelWidth,
    height: panelHeight,
    encoding: {
      x: {
        field: 'run',
        type: 'quantitative' as const,
        scale: { domain: [0.5, runs + 0.5], nice: false },
        axis: { title: null, tickMinStep: 1, format: 'd', grid: false },
      },
      y: {
        field: 'value',
        type: 'quantitative' as const,
        scale: { domain: [0, top === 0 ? 1 : top * headroom], nice: false },
        axis: { title: unit, tickCount: 4, format: ',~r', domain: false, ticks: false },
      },
    },
    layer: [
      ...layers
        .filter(({ values }) => values.length > 0)
        .map(({ values, mark }) => ({
          data: { values },
          mark,
          encoding: { color: groupColour(names) },
        })),
      textAt(title, 0, -26, { fontSize: 12, fontWeight: 'bold' as const }),
      textAt(caption, 0, -11, { fontSize: 11, color: colour.faint }),
    ],
  };
}

function groupColour(names: readonly string[]) {
  const range = names.map((_, index) => groupColours[index % groupColours.length]!);
  return {
    field: 'group',
    type: 'nominal' as const,
    scale: { domain: [...names], range },
    legend: names.length === 1 ? null : { orient: 'bottom' as const, direction: 'vertical' as const },
  };
}
