import type { Summary } from './analysis.ts';
import type { FaultKind } from './fault-spec.ts';
import type { RunStatus } from './manifest.ts';
import type { Bounds, MetricVerdict, RunMetric } from './series-analysis.ts';

/** How long a run took to recover from one of its faults. */
export interface ComparedRecovery {
  /** Its id. */
  readonly fault: string;
  readonly kind: FaultKind;
  readonly node: string;
  /** Null where it was not recovered from: it took longer than `observed_for_sec`. */
  readonly time_to_recover_sec: number | null;
  readonly observed_for_sec: number;
}

/** What came of a gate when the run was judged last. */
export interface ComparedGate {
  /** As it was written. */
  readonly gate: string;
  readonly name: string | null;
  readonly status: 'passed' | 'failed' | 'inconclusive';
}

/** One run of several. */
export interface ComparedRun {
  readonly run_id: string;
  /** Unix seconds: of its start or, where it has no manifest, of the second of its first request. */
  readonly started_at_sec: number;
  /** Null where it has no manifest, as `mode` and `status`. */
  readonly scenario: string | null;
  readonly mode: string | null;
  readonly status: RunStatus | null;
  readonly summary: Summary;
  /** Of each fault that took effect while there were requests to judge it by; null without a baseline. */
  readonly recoveries: readonly ComparedRecovery[] | null;
  /** Acknowledged writes that are not there; null where that is not known, or where no writes were checked. */
  readonly lost_writes: number | null;
  readonly writes_checked: boolean;
  /** Null where it was not judged. */
  readonly gates: readonly ComparedGate[] | null;
  /** Why it is no part of any trend; null where it is. */
  readonly left_out: string | null;
  readonly warnings: readonly string[];
}

export type TrendMetric = RunMetric | 'time_to_recover_sec';

/** How one metric went over the runs, from each to the next. */
export interface Trend {
  readonly metric: TrendMetric;
  /** The fault that it is of; null where it is of none. */
  readonly fault: { readonly id: string; readonly kind: FaultKind } | null;
  /** The runs that have it, in the order of their start, and their values. */
  readonly run_ids: readonly string[];
  readonly values: readonly number[];
  /** (last − first) / first × 100; null where the first is 0. */
  readonly change_pct: number | null;
  /** Theil-Sen, of a run to the next; null where there is no verdict for want of runs. */
  readonly slope: number | null;
  /** Of that slope, from Kendall's test. */
  readonly interval: Bounds | null;
  /** What the slope comes to from the first run to the last does not matter up to this. */
  readonly margin: number;
  /** Mann-Kendall, two-sided. */
  readonly p_value: number | null;
  /** By Holm’s method, over all metrics of the group. */
  readonly p_value_adjusted: number | null;
  readonly verdict: MetricVerdict;
  /** How many more runs are needed before there can be a verdict; 0 where there can be. */
  readonly runs_missing: number;
  /** Why there can be none however many there are, as a clause; null where there can. */
  readonly why: string | null;
}

/** Runs that are alike but for when they were made. */
export interface RunGroup {
  readonly run_ids: readonly string[];
  readonly scenario: string | null;
  /** By what they differ from the first group, as clauses: empty for that itself. */
  readonly differs: readonly string[];
  /** None where there is only one run that counts. */
  readonly trends: readonly Trend[];
}

/** What `orch compare --json` prints. */
export interface RunTrends {
  readonly baseline_id: string | null;
  /** By their start. */
  readonly runs: readonly ComparedRun[];
  /** By the start of their first run. */
  readonly groups: readonly RunGroup[];
  readonly confidence: number;
  readonly warnings: readonly string[];
}
