/**
 * A metric as both Prometheus and OpenTelemetry know them. Names are OpenTelemetry's, in words with dots; Prometheus' follow
 * from these as its own translation has it (`prometheusName`).
 */
export type Metric = NumberMetric | HistogramMetric;

interface Described {
  readonly name: string;
  readonly help: string;
  /** As UCUM has it: `s`, `{request}`, `1`. */
  readonly unit: string;
}

export interface NumberMetric extends Described {
  /** A counter only grows, from 0 at the run's start. */
  readonly kind: 'counter' | 'gauge';
  readonly points: readonly NumberPoint[];
}

export interface HistogramMetric extends Described {
  readonly kind: 'histogram';
  /** The upper bounds of the buckets but for the last, which has none. */
  readonly bounds: readonly number[];
  readonly points: readonly HistogramPoint[];
}

export type Labels = Readonly<Record<string, string>>;

export interface NumberPoint {
  readonly labels: Labels;
  readonly value: number;
}

export interface HistogramPoint {
  readonly labels: Labels;
  /** How many values are at most each bound. */
  readonly upTo: readonly number[];
  readonly count: number;
  readonly sum: number;
}
