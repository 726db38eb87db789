import type { Counts } from '../model/analysis.ts';

/** One metric of both runs. The key it stands under names the unit. */
export interface Compared {
  readonly baseline: number | null;
  readonly run: number | null;
  /** (run − baseline) / baseline × 100; null where there is nothing to divide by. */
  readonly change_pct?: number | null;
  /** run − baseline, for what is a percentage itself. */
  readonly change_points?: number | null;
}

export interface FaultFact {
  readonly id: string;
  readonly kind: string;
  /** `slowed by 100 ms`. */
  readonly effect: string;
  readonly node: string;
  readonly phase: string;
  /** Null where the fault never took effect. */
  readonly took_effect_sec: number | null;
  readonly undone_sec: number | null;
  readonly served_again_sec: number | null;
  /** From effect to the node serving again (or, where that was not seen, to the undo). */
  readonly in_force_sec: number | null;
  readonly undo_failed: boolean;
  /** What its requests tell of it; null where it never took effect, or there was nothing to judge it by. */
  readonly requests: FaultRequests | null;
}

/** How the requests of a fault's nodes came through it. */
export interface FaultRequests {
  readonly showed: boolean;
  /** From effect to the first request that was not as usual; null where none was. */
  readonly detected_after_sec: number | null;
  readonly recovered: boolean;
  /** From effect until requests were as in the baseline; null where that was not seen. */
  readonly recovered_after_sec: number | null;
  /** How far these times may be off. */
  readonly uncertainty_sec: number | null;
  /** The longest time without a success; null where its end was not seen. */
  readonly outage_sec: number | null;
  readonly observed_for_sec: number;
  /** Of all requests, above what the baseline has. */
  readonly failed_above_baseline: number;
  readonly slow_above_baseline: number;
  /** Null without an SLO. */
  readonly error_budget_pct: number | null;
}

export interface WindowFact {
  readonly start_sec: number;
  readonly end_sec: number;
  /** Whole seconds, both ends included. */
  readonly lasted_sec: number;
  readonly causes: readonly string[];
  readonly lowest_throughput_rps: number;
  readonly highest_error_rate_pct: number;
  /** Ids of the faults in force, or just undone, during the window. */
  readonly faults: readonly string[];
}

/** All windows together, and the first of them one by one. */
export interface AnomalyFacts {
  readonly rule: {
    readonly throughput_below_rps: number;
    readonly error_rate_above_pct: number;
    readonly ignored_at_start_sec: number;
  };
  /** Seconds that could be anomalous at all: complete, with load, after warm-up. */
  readonly judged_seconds: number;
  readonly window_count: number;
  readonly total_sec: number;
  readonly causes: readonly string[];
  readonly faults: readonly string[];
  /** Null where there is no window. */
  readonly lowest_throughput_rps: number | null;
  readonly highest_error_rate_pct: number | null;
  readonly first_windows: readonly WindowFact[];
}

/** A metric in a shift, and in the baseline. */
export interface Shifted {
  readonly baseline: number | null;
  readonly during: number | null;
}

/** A stretch of requests that were not as in the baseline; with the one metric that tells it best. */
export interface ShiftFact {
  readonly start_sec: number;
  readonly end_sec: number;
  readonly lasted_sec: number;
  /** False where the run was over first. */
  readonly ended: boolean;
  readonly cause: string;
  readonly nodes: readonly string[];
  /** Ids of the faults in force, or just undone, as it began. */
  readonly faults: readonly string[];
  readonly throughput_rps?: Shifted;
  readonly error_rate_pct?: Shifted;
  readonly p50_latency_ms?: Shifted;
  readonly p95_latency_ms?: Shifted;
}

/** What was found request by request, beside the whole seconds of the anomalies: shifts of the latency too. */
export interface ShiftFacts {
  readonly window_count: number;
  readonly first_windows: readonly ShiftFact[];
}

/** What came of the writes that were checked. */
export interface WritesFact {
  readonly acknowledged: number;
  readonly indeterminate: number;
  /** Acknowledged, and not there at the end; null where that is not known. */
  readonly lost: number | null;
  readonly duplicates: number | null;
  readonly stale_reads: number | null;
  /** Why it is not known; null where it is. */
  readonly reason: string | null;
}

/** A phase or a node of the run. */
export interface PartFact {
  readonly name: string;
  readonly requests: number;
  readonly error_rate_pct: number;
  readonly p95_latency_ms: number | null;
}

export interface PhaseFact extends PartFact {
  /** Null where the run's journal does not tell. */
  readonly start_sec: number | null;
  readonly end_sec: number | null;
}

/**
 * An Analysis as the few numbers that a summary is made of: rounded, they are the only thing that a model or the template sees.
 * A number's unit ends its key or the key above it: `_rps`, `_ms`, `_sec`, `_pct`, `_points`; without one it is a count.
 */
export interface Facts {
  readonly scenario: string | null;
  readonly mode: string | null;
  readonly run_id: string;
  readonly baseline_id: string;
  readonly conclusive: boolean;
  readonly warnings: readonly string[];
  readonly duration_sec: { readonly baseline: number; readonly run: number };
  readonly requests: { readonly baseline: Counts; readonly run: Counts };
  readonly comparison: {
    readonly throughput_rps: Compared;
    readonly goodput_rps: Compared;
    readonly error_rate_pct: Compared;
    readonly p50_latency_ms: Compared;
    readonly p95_latency_ms: Compared;
    readonly p99_latency_ms: Compared;
  };
  readonly throughput_drop_pct: number | null;
  readonly fault_count: number;
  readonly faults: readonly FaultFact[];
  readonly anomalies: AnomalyFacts;
  readonly shifts: ShiftFacts;
  /** Null where no writes were checked. */
  readonly writes: WritesFact | null;
  readonly recovery: {
    /** False: still anomalous when the run ended. Null: nothing to recover from, or not known. */
    readonly recovered: boolean | null;
    /** Last anomalous second − first anomalous second. */
    readonly recovery_time_sec: number | null;
    readonly reason: string | null;
  };
  readonly phase_count: number;
  readonly phases: readonly PhaseFact[];
  readonly node_count: number;
  /** Nodes that a fault was injected into. */
  readonly disturbed_node_count: number;
  readonly nodes: readonly PartFact[];
}
