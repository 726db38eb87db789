/** What gates can be about, and in what unit each is told. Names are those of analysis.json where it has them. */

export type GateUnit = 'share' | 'percent' | 'rps' | 'ms' | 's' | 'count';

interface Trait {
  readonly unit: GateUnit;
  readonly better: 'lower' | 'higher';
}

/** Figures of requests, all of them or those of a phase, of a node, or of both. */
const requestFigures = [
  'error_rate',
  'availability',
  'throughput_rps',
  'goodput_rps',
  'mean_latency_ms',
  'max_latency_ms',
  'dropped',
  'unknown',
] as const;

/** What is known of single faults. */
const faultFigures = ['time_to_detect_sec', 'outage_sec', 'time_to_recover_sec'] as const;

export type RequestFigure = (typeof requestFigures)[number];
export type FaultFigure = (typeof faultFigures)[number];

const traits: Readonly<Record<RequestFigure, Trait>> = {
  error_rate: { unit: 'share', better: 'lower' },
  availability: { unit: 'share', better: 'higher' },
  throughput_rps: { unit: 'rps', better: 'higher' },
  goodput_rps: { unit: 'rps', better: 'higher' },
  mean_latency_ms: { unit: 'ms', better: 'lower' },
  max_latency_ms: { unit: 'ms', better: 'lower' },
  dropped: { unit: 'count', better: 'lower' },
  unknown: { unit: 'count', better: 'lower' },
};

export type RequestMetric =
  | { readonly of: 'requests'; readonly figure: RequestFigure }
  /** The latency that so many percent of the requests stay below. */
  | { readonly of: 'quantile'; readonly percent: number };

export type GateMetric =
  | RequestMetric
  /** By how many percent of its baseline a metric is worse; negative where it is better. */
  | { readonly of: 'regression'; readonly metric: RequestMetric }
  | { readonly of: 'fault'; readonly figure: FaultFigure }
  | { readonly of: 'recovery_time_sec' | 'anomaly_windows' | 'lost_writes' };

/** The metrics that are a word; beside them there are `p(N)` and `regression(METRIC)`. */
const words: ReadonlyMap<string, GateMetric> = new Map<string, GateMetric>([
  ...requestFigures.map((figure) => [figure, { of: 'requests', figure }] as const),
  ...faultFigures.map((figure) => [figure, { of: 'fault', figure }] as const),
  ...(['recovery_time_sec', 'anomaly_windows', 'lost_writes'] as const).map((of) => [of, { of }] as const),
]);

/** Every way to write a metric, for messages. */
export const metricForms: readonly string[] = [...words.keys(), 'p(N)', 'regression(METRIC)'];

export function metricNamed(word: string): GateMetric | undefined {
  return words.get(word);
}

export function unitOf(metric: GateMetric): GateUnit {
  switch (metric.of) {
    case 'requests':
      return traits[metric.figure].unit;
    case 'quantile':
      return 'ms';
    case 'regression':
      return 'percent';
    case 'fault':
    case 'recovery_time_sec':
      return 's';
    case 'anomaly_windows':
    case 'lost_writes':
      return 'count';
  }
}

export function betterOf(metric: RequestMetric): Trait['better'] {
  return metric.of === 'quantile' ? 'lower' : traits[metric.figure].better;
}

/** A metric as it may be written: `p99`, `regression(error_rate)`. */
export function metricText(metric: GateMetric): string {
  switch (metric.of) {
    case 'requests':
    case 'fault':
      return metric.figure;
    case 'quantile':
      return `p${metric.percent}`;
    case 'regression':
      return `regression(${metricText(metric.metric)})`;
    case 'recovery_time_sec':
    case 'anomaly_windows':
    case 'lost_writes':
      return metric.of;
  }
}

/** What `during PHASE` and `for NODE` can be said of a metric. */
export function scopesOf({ of }: GateMetric): readonly ('during' | 'for')[] {
  if (of === 'lost_writes') return [];
  // Windows are of all requests of a second, whatever node they went to.
  return of === 'anomaly_windows' ? ['during'] : ['during', 'for'];
}

/** Whether it cannot be told without a baseline. */
export function needsBaseline({ of }: GateMetric): boolean {
  return of !== 'requests' && of !== 'quantile' && of !== 'lost_writes';
}
