import type { Bounds, MetricComparison, RunMetric, SeriesAnalysis } from '../model/series-analysis.ts';
import type { Paint } from './style.ts';
import { table } from './table.ts';

/** How a metric is called, and its values are shown: as numbers of this unit. */
const shown: Readonly<
  Record<RunMetric, { readonly name: string; readonly unit: string; readonly factor: number }>
> = {
  throughput_rps: { name: 'throughput', unit: 'rps', factor: 1 },
  goodput_rps: { name: 'goodput', unit: 'rps', factor: 1 },
  error_rate: { name: 'error rate', unit: '%', factor: 100 },
  p50_latency_ms: { name: 'latency p50', unit: 'ms', factor: 1 },
  p95_latency_ms: { name: 'latency p95', unit: 'ms', factor: 1 },
  p99_latency_ms: { name: 'latency p99', unit: 'ms', factor: 1 },
};

/** Runs against runs, as a readable page. */
export function seriesText(analysis: SeriesAnalysis, paint: Paint): string {
  const { baseline_ids: baselines, run_ids: runs, series_id: id, left_out: leftOut } = analysis;
  const title = id === null ? '' : `${paint('bold', id)}: `;
  const sections = [
    `${title}${count(runs.length, 'run')} against ${count(baselines.length, 'baseline')}, medians and differences`,
    comparisonTable(analysis, paint),
    missing(analysis, paint),
    leftOut.map(({ run_id, why }) => `${paint('yellow', 'left out')}: ${run_id}: ${why}`).join('\n'),
    analysis.warnings.map((warning) => `${paint('yellow', 'warning')}: ${warning}`).join('\n'),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function comparisonTable({ metrics, confidence }: SeriesAnalysis, paint: Paint): string {
  const percentSure = `${Math.round(confidence * 100)}%`;
  return table(
    [
      '',
      '',
      'baseline',
      'run',
      'difference',
      `${percentSure} interval`,
      'bootstrap',
      'p',
      'p (Holm)',
      'verdict',
    ],
    metrics.map((comparison) => {
      const { name, unit } = shown[comparison.metric];
      const { baseline_median, run_median, difference, interval, bootstrap_interval } = comparison;
      const value = (number: number) => valueText(comparison.metric, number);
      return [
        name,
        unit,
        value(baseline_median),
        value(run_median),
        signed(difference, value),
        interval === null ? '–' : boundsText(interval, value),
        boundsText(bootstrap_interval, value),
        pText(comparison.p_value),
        pText(comparison.p_value_adjusted),
        verdictText(comparison, paint),
      ];
    }),
  );
}

/** What is to be done about the metrics that nothing can be said of. */
function missing({ metrics, pairs_missing: pairs }: SeriesAnalysis, paint: Paint): string {
  const undecided = metrics.filter(({ verdict }) => verdict === 'undecided');
  if (pairs > 0) {
    const why = `so few runs could show no difference in any of ${metrics.length} metrics`;
    return `  ${paint('yellow', 'no verdict')}: ${why}; at least ${count(pairs, 'more pair')}`;
  }
  return undecided
    .map((comparison) => {
      const { metric, more_pairs: more, margin } = comparison;
      const { name, unit } = shown[metric];
      const needs =
        more === null
          ? 'no number of pairs is likely to settle it at the observed spread'
          : `${count(more, 'more pair')} at the observed spread`;
      const sought = `a difference of more than ${valueText(metric, margin)} ${unit} can neither be shown nor ruled out`;
      return `  ${paint('yellow', name)}: ${sought}; ${needs}`;
    })
    .join('\n');
}

function verdictText({ verdict }: MetricComparison, paint: Paint): string {
  if (verdict === 'worse') return paint('red', verdict);
  return verdict === 'undecided' ? paint('yellow', verdict) : paint('green', verdict);
}

function boundsText({ low, high }: Bounds, value: (number: number) => string): string {
  return `${signed(low, value)} … ${signed(high, value)}`;
}

function signed(number: number, value: (number: number) => string): string {
  const text = value(Math.abs(number));
  return number === 0 ? text : `${number > 0 ? '+' : '−'}${text}`;
}

function valueText(metric: RunMetric, number: number): string {
  const value = number * shown[metric].factor;
  return value.toFixed(Math.abs(value) < 100 ? 2 : 1);
}

function pText(pValue: number): string {
  return pValue < 0.0001 ? '<0.0001' : pValue.toFixed(4);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
