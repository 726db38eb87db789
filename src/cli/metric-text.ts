import type { TrendMetric } from '../model/run-trends.ts';
import type { Bounds, MetricVerdict } from '../model/series-analysis.ts';
import type { Paint } from './style.ts';

/** Metrics of runs that are held against each other, for people. */

/** How a metric is called, and its values are shown: as numbers of this unit. */
export const metricNames: Readonly<
  Record<TrendMetric, { readonly name: string; readonly unit: string; readonly factor: number }>
> = {
  throughput_rps: { name: 'throughput', unit: 'rps', factor: 1 },
  goodput_rps: { name: 'goodput', unit: 'rps', factor: 1 },
  error_rate: { name: 'error rate', unit: '%', factor: 100 },
  p50_latency_ms: { name: 'latency p50', unit: 'ms', factor: 1 },
  p95_latency_ms: { name: 'latency p95', unit: 'ms', factor: 1 },
  p99_latency_ms: { name: 'latency p99', unit: 'ms', factor: 1 },
  time_to_recover_sec: { name: 'recovery', unit: 's', factor: 1 },
};

export function valueText(metric: TrendMetric, number: number): string {
  const value = number * metricNames[metric].factor;
  return value.toFixed(Math.abs(value) < 100 ? 2 : 1);
}

/** With its sign: a minus that is one, and none at what is shown as 0. */
export function differenceText(metric: TrendMetric, number: number): string {
  const text = valueText(metric, Math.abs(number));
  return Number(text) === 0 ? text : `${number > 0 ? '+' : '−'}${text}`;
}

export function boundsText(metric: TrendMetric, { low, high }: Bounds): string {
  return `${differenceText(metric, low)} … ${differenceText(metric, high)}`;
}

export function pText(pValue: number): string {
  return pValue < 0.0001 ? '<0.0001' : pValue.toFixed(4);
}

export function verdictText(verdict: MetricVerdict, paint: Paint): string {
  if (verdict === 'worse') return paint('red', verdict);
  return verdict === 'undecided' ? paint('yellow', verdict) : paint('green', verdict);
}

/** `1 run`, `2 runs` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
