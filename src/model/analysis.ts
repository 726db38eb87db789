import type { Correctness } from './correctness.ts';
import type { FaultKind } from './fault-spec.ts';
import type { RunStatus } from './manifest.ts';
import type { Outcome } from './record.ts';
import type { FaultCost, FaultRecovery, FineWindow } from './recovery.ts';

/** Counts by outcome. `due` = ok + fail + unknown + dropped. */
export type Counts = { readonly due: number } & Readonly<Record<Outcome, number>>;

/** One set of requests in numbers. Latencies are of every request that was sent (ok, fail, unknown), from its scheduled send. */
export interface Summary extends Counts {
  /** The seconds that the set spans. */
  readonly duration_sec: number;
  /** (ok + fail) per second. */
  readonly throughput_rps: number;
  /** ok per second. */
  readonly goodput_rps: number;
  /** (fail + unknown + dropped) / due, 0..1. */
  readonly error_rate: number;
  /** Null where no request of the set was sent. */
  readonly p50_latency_ms: number | null;
  readonly p95_latency_ms: number | null;
  readonly p99_latency_ms: number | null;
  readonly max_latency_ms: number | null;
  readonly mean_latency_ms: number | null;
}

/** One row of a table per node, phase or outcome. */
export interface GroupSummary extends Summary {
  readonly name: string;
}

/** One whole second of the run, counted from the second of the run's first request. */
export interface SecondRow {
  readonly sec: number;
  readonly due: number;
  readonly ok: number;
  readonly fail: number;
  readonly unknown: number;
  readonly dropped: number;
  readonly throughput_rps: number;
  readonly error_rate: number;
  readonly p50_latency_ms: number | null;
  readonly p95_latency_ms: number | null;
  /** False for an incomplete first or last second, one without load, warm-up, and the last ones of a run that was cut off. */
  readonly counted: boolean;
  readonly anomalous: boolean;
}

export interface AnomalyWindow {
  /** Whole seconds since the run's first request, both inclusive. */
  readonly start_sec: number;
  readonly end_sec: number;
  readonly causes: readonly ('throughput' | 'error_rate')[];
  /** The lowest throughput and the highest error rate of the window's seconds. */
  readonly min_throughput_rps: number;
  readonly max_error_rate: number;
  /** Ids of the faults in force (or just undone) during the window. */
  readonly faults: readonly string[];
}

/** A fault of the run in seconds since the second of the run's first request, with fraction. */
export interface FaultSpan {
  readonly id: string;
  readonly kind: FaultKind;
  /** What it did to its node, in words: `killed`, `slowed by 100 ms`. */
  readonly effect: string;
  /** By what, such as `netem` or `proxy`; null where a power of the driver did it. */
  readonly means: string | null;
  readonly node: string;
  readonly phase: string;
  readonly requested_sec: number;
  /** Null where the fault never took effect. */
  readonly effective_sec: number | null;
  /** When its undo was first requested; null where it never was, or that is not known. */
  readonly undo_requested_sec: number | null;
  readonly undone_sec: number | null;
  /** When the node was seen to serve again; null where it was not. */
  readonly verified_sec: number | null;
  readonly undo_failed: boolean;
}

export interface PhaseSpan {
  readonly name: string;
  readonly start_sec: number;
  readonly end_sec: number;
}

export interface RunTables {
  readonly per_node: readonly GroupSummary[];
  readonly per_phase: readonly GroupSummary[];
  readonly per_outcome: readonly GroupSummary[];
}

/** analysis.json: a run held against a baseline. The first eight fields are the format's fixed ones. */
export interface Analysis {
  readonly baseline_id: string;
  readonly run_id: string;
  readonly baseline_summary: Summary;
  readonly run_summary: Summary;
  /** (baseline − run) / baseline × 100; negative where the run was faster; null where the baseline answered nothing. */
  readonly throughput_drop_pct: number | null;
  readonly anomaly_windows: readonly AnomalyWindow[];
  /** Last anomalous second − first anomalous second. */
  readonly recovery_time_sec: number | null;
  /** Why `recovery_time_sec` is null, or what must be known about it; null where nothing must. */
  readonly recovery_reason: string | null;

  /** False where the run's last counted second was still anomalous, null where no second was anomalous, or the run was cut off. */
  readonly recovered: boolean | null;
  /** False where nothing may be concluded; `doubts` says why. */
  readonly conclusive: boolean;
  /** The warnings for which nothing may be concluded. */
  readonly doubts: readonly string[];
  /** What came of the run’s writes that were checked; null where none were, or where that is not known. */
  readonly correctness: Correctness | null;
  /** Why the writes of a run that checked them were not read back; null where they were, or where there were none. */
  readonly correctness_reason: string | null;
  /** How each run ended, as its manifest says; `running` where it was cut off or goes on, null where there is no manifest. */
  readonly baseline_status: RunStatus | null;
  readonly run_status: RunStatus | null;
  readonly mode: string | null;
  readonly scenario: string | null;
  readonly thresholds: {
    readonly throughput_drop_threshold: number;
    readonly error_rate_threshold: number;
    readonly warmup_ignore_sec: number;
    /** The throughput below which a second is anomalous. */
    readonly throughput_floor_rps: number;
    readonly latency_shift_threshold: number;
    readonly latency_shift_min_ms: number;
    readonly recovery_windows: number;
  };
  /** By start. Beside `anomaly_windows`: found in single requests, by more than the two thresholds. */
  readonly windows: readonly FineWindow[];
  /** One for each fault that took effect while there were requests to judge it by. */
  readonly recoveries: readonly FaultRecovery[];
  readonly costs: readonly FaultCost[];
  /** ok / due of the run, 0..1. */
  readonly availability: number;
  /** The SLO that the costs are held against, in percent; null where none is configured. */
  readonly slo_pct: number | null;
  readonly run_tables: RunTables;
  readonly baseline_tables: RunTables;
  readonly faults: readonly FaultSpan[];
  readonly phases: readonly PhaseSpan[];
  readonly seconds: readonly SecondRow[];
  readonly baseline_seconds: readonly SecondRow[];
  /** Everything a reader must know before trusting the numbers: rows left out, a run cut off, a lagging generator … */
  readonly warnings: readonly string[];
}
