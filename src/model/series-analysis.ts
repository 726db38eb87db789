import type { Summary } from './analysis.ts';

/** What a run comes to in one number, so that runs can be held against runs. */
export type RunMetric = Extract<
  keyof Summary,
  'throughput_rps' | 'goodput_rps' | 'error_rate' | 'p50_latency_ms' | 'p95_latency_ms' | 'p99_latency_ms'
>;

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * `alike`: whatever difference there is, is smaller than what matters. `undecided`: that cannot be said, and neither can it be
 * said that there is one.
 */
export type MetricVerdict = 'worse' | 'better' | 'alike' | 'undecided';

/** One metric of the runs with the fault against that of the baselines; a difference is the former minus the latter. */
export interface MetricComparison {
  readonly metric: RunMetric;
  /** One value for each run, in the order of the ids. */
  readonly baseline: readonly number[];
  readonly run: readonly number[];
  readonly baseline_median: number;
  readonly run_median: number;
  /** The Hodges-Lehmann estimate. */
  readonly difference: number;
  /** From the Mann-Whitney test; null where there are too few runs for that confidence. */
  readonly interval: Bounds | null;
  /** The percentile bootstrap’s, which is too narrow where there are few runs. */
  readonly bootstrap_interval: Bounds;
  /** A difference up to this does not matter. */
  readonly margin: number;
  /** Mann-Whitney, two-sided. */
  readonly p_value: number;
  /** By Holm’s method, over all metrics. */
  readonly p_value_adjusted: number;
  readonly verdict: MetricVerdict;
  /** Of an undecided one: how many more pairs are likely to decide it. Null where it is decided, or no number would. */
  readonly more_pairs: number | null;
}

/** What became of the writes of runs that checked them, whether these count otherwise or not. */
export interface SeriesWrites {
  /** How many of them were read back. */
  readonly runs: number;
  readonly acknowledged: number;
  /** At least, where there is something that is not known. */
  readonly lost_writes: number;
  /** Null where that could not be seen. */
  readonly duplicates: number | null;
  readonly stale_reads: number;
  /** Runs of which not all was read back, with the reason. */
  readonly not_known: readonly { readonly run_id: string; readonly why: string }[];
}

/** Runs held against runs. Each run is one observation: the requests within it depend on each other. */
export interface SeriesAnalysis {
  /** Null where the runs were named one by one. */
  readonly series_id: string | null;
  /** Those that count. */
  readonly baseline_ids: readonly string[];
  readonly run_ids: readonly string[];
  /** Those that do not, with the reason. */
  readonly left_out: readonly { readonly run_id: string; readonly why: string }[];
  readonly confidence: number;
  readonly metrics: readonly MetricComparison[];
  /** Null where no run checked its writes. */
  readonly writes: { readonly baseline: SeriesWrites | null; readonly run: SeriesWrites | null };
  /** False where no metric has a verdict. */
  readonly conclusive: boolean;
  /** How many more pairs are needed before there can be any verdict; 0 where there can be. */
  readonly pairs_missing: number;
  readonly warnings: readonly string[];
}
