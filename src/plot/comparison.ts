import type { Analysis, Summary } from '../model/analysis.ts';
import type { ChartSpec } from './render.ts';
import { wrapText } from './text.ts';
import { textAt } from './text-layer.ts';
import { boldness, colour, config } from './theme.ts';

/** What the comparison is drawn from; an Analysis is one. */
export type ComparisonInput = Pick<
  Analysis,
  'run_id' | 'baseline_id' | 'scenario' | 'run_summary' | 'baseline_summary'
>;

interface Metric {
  readonly title: string;
  readonly unit: string;
  readonly of: (summary: Summary) => number | null;
  /** How the run differs: in per cent of the baseline, or for what is a percentage itself, in points. */
  readonly change: 'percent' | 'points';
}

const metrics: readonly Metric[] = [
  { title: 'Throughput', unit: 'requests/s', of: (summary) => summary.throughput_rps, change: 'percent' },
  { title: 'Latency p50', unit: 'ms', of: (summary) => summary.p50_latency_ms, change: 'percent' },
  { title: 'Latency p95', unit: 'ms', of: (summary) => summary.p95_latency_ms, change: 'percent' },
  { title: 'Latency p99', unit: 'ms', of: (summary) => summary.p99_latency_ms, change: 'percent' },
  { title: 'Error rate', unit: '%', of: (summary) => summary.error_rate * 100, change: 'points' },
];

const panelWidth = 132;
const panelHeight = 190;
const spacing = 46;
const chartWidth = metrics.length * panelWidth + (metrics.length - 1) * spacing;

/** The baseline against the run: a panel for each metric, each on a scale of its own, with the values on the bars. */
export function comparisonChart(input: ComparisonInput): ChartSpec {
  const title = `${input.scenario ?? 'Run'}: baseline against run`;
  const ids = [`baseline: ${input.baseline_id}`, `run: ${input.run_id}`];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config,
    title: {
      text: wrapText(title, chartWidth, config.title.fontSize * boldness),
      subtitle: ids.flatMap((line) => wrapText(line, chartWidth, config.title.subtitleFontSize)),
    },
    spacing,
    hconcat: metrics.map((metric) => metricPanel(metric, input)),
  };
}

function metricPanel(metric: Metric, input: ComparisonInput) {
  const baseline = metric.of(input.baseline_summary);
  const run = metric.of(input.run_summary);
  const top = Math.max(baseline ?? 0, run ?? 0);
  const bars = [
    { side: 'baseline', value: baseline, top: baseline ?? 0, label: labelled(baseline, metric.unit) },
    { side: 'run', value: run, top: run ?? 0, label: labelled(run, metric.unit) },
  ];
  return {
    width: panelWidth,
    height: panelHeight,
    data: { values: bars },
    encoding: {
      x: { field: 'side', type: 'nominal' as const, sort: null, axis: sideAxis },
      y: {
        type: 'quantitative' as const,
        scale: { domain: [0, top === 0 ? 1 : top * roomForValue], nice: false },
        axis: { ...valueAxis, title: metric.unit },
      },
    },
    layer: [
      {
        mark: { type: 'bar' as const, width: 46, cornerRadiusEnd: 2 },
        encoding: {
          y: { field: 'value', type: 'quantitative' as const },
          color: { field: 'side', type: 'nominal' as const, scale: sideColours, legend: null },
        },
      },
      {
        mark: {
          type: 'text' as const,
          baseline: 'bottom' as const,
          dy: -4,
          fontSize: 11,
          color: colour.text,
        },
        encoding: {
          y: { field: 'top', type: 'quantitative' as const },
          text: { field: 'label', type: 'nominal' as const },
        },
      },
      textAt(metric.title, 0, -30, { fontSize: 12, fontWeight: 'bold' }),
      textAt(changeOf(baseline, run, metric.change), 0, -13, { fontSize: 11, color: colour.faint }),
    ],
  };
}

const roomForValue = 1.12;
const sideColours = { domain: ['baseline', 'run'], range: [colour.baseline, colour.run] };
const sideAxis = {
  title: null,
  labelAngle: 0,
  labelFontSize: 11,
  labelColor: colour.text,
  ticks: false,
  labelPadding: 6,
};
const valueAxis = { tickCount: 4, format: ',~r', grid: false, tickSize: 4 };

function labelled(value: number | null, unit: string): string {
  if (value === null) return 'no data';
  return unit === 'requests/s' ? `${rounded(value)}/s` : `${rounded(value)} ${unit}`;
}

/** Three significant digits from one up, else at most two decimals. */
function rounded(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

function changeOf(baseline: number | null, run: number | null, kind: Metric['change']): string {
  if (baseline === null || run === null) return 'not comparable';
  if (kind === 'points') return `${signed(run - baseline)} points`;
  return baseline === 0 ? 'baseline is zero' : `${signed((run / baseline - 1) * 100)} %`;
}

/** With a real minus, and no sign on a zero. */
function signed(value: number): string {
  const decimals = Math.abs(value) >= 100 ? 0 : 1;
  const text = Math.abs(value).toLocaleString('en-US', { maximumFractionDigits: decimals });
  if (text === '0') return '±0';
  return value < 0 ? `−${text}` : `+${text}`;
}
