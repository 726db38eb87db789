/** What the requests themselves tell of faults, to the request: the parts of analysis.json beside the whole seconds. */

/** A stretch in which requests were not as in the baseline. Seconds as everywhere in the analysis, with fraction. */
export interface FineWindow {
  readonly start_sec: number;
  /** When it was over: the first request that was as usual again, or of the last one where `ended` is false. */
  readonly end_sec: number;
  readonly ended: boolean;
  readonly cause: 'throughput' | 'error_rate' | 'latency' | 'change_point';
  readonly metric: 'throughput_rps' | 'error_rate' | 'p50_latency_ms' | 'p95_latency_ms';
  /** The metric in the window, and in the baseline, of the requests of `nodes`; null where there was nothing to measure. */
  readonly magnitude: number | null;
  readonly baseline: number | null;
  /** How far start and end may be off, together: requests lie as far apart there. */
  readonly uncertainty_sec: number;
  /** The nodes at which it shows; all, where it shows only in all requests together. */
  readonly nodes: readonly string[];
  /** Ids of the faults in force, or just undone, as it began at any of its nodes. Empty: see `unattributed`. */
  readonly faults: readonly string[];
  /** True where no fault was. */
  readonly unattributed: boolean;
}

/**
 * How some requests came through a fault. Times are differences in seconds, never below 0. One that was not seen to its end
 * is null, and `observed_for_sec` says how long it was waited for.
 */
export interface Recovery {
  /** Whether the requests show anything of the fault. */
  readonly disturbed: boolean;
  /** False where they were not seen to be as in the baseline again: then there is no time to recover. */
  readonly recovered: boolean;
  /** From the fault's effect to the first request that was not as usual; null where none was. */
  readonly time_to_detect_sec: number | null;
  /** The longest time without any success; 0 where there was no such time. */
  readonly outage_sec: number | null;
  /** The same; of one whose end was not seen, how long it had lasted by the last request that was not as usual. */
  readonly outage_at_least_sec: number;
  /** From the fault's effect, and from its undo, to the success that ended the outage; 0 where there was none. */
  readonly time_to_first_success_sec: number | null;
  readonly time_to_first_success_after_undo_sec: number | null;
  /** From the fault's effect, and from its undo, until requests stayed as they are in the baseline. */
  readonly time_to_recover_sec: number | null;
  readonly time_to_recover_after_undo_sec: number | null;
  /**
   * How long after the fault's effect it was looked: to the end of what can be judged, or the next fault of these nodes. Where
   * they were not seen to recover, until the last request that was not as usual: it took longer than that.
   */
  readonly observed_for_sec: number;
  /** How far these times may be off: requests lie as far apart where it began and ended. */
  readonly uncertainty_sec: number | null;
}

/** The recovery from one fault that took effect. */
export interface FaultRecovery extends Recovery {
  /** Its id. */
  readonly fault: string;
  /** The nodes whose requests are judged: its own and, of a partition, those that it was cut off from. Empty: none had any. */
  readonly nodes: readonly string[];
  /** Whose requests the times are of: those of `nodes`, or all where these had none. */
  readonly judged_by: 'nodes' | 'all';
  /** The same of all requests of the run. */
  readonly all_requests: Recovery;
}

/**
 * What a fault cost, of the requests due from its effect until it was recovered from; or as long as it was looked. They are those
 * of all nodes, as what ails one may ail others; only those of its own nodes where another fault was in force meanwhile.
 */
export interface FaultCost {
  readonly fault: string;
  /** The nodes whose requests are counted; null: all. */
  readonly nodes: readonly string[] | null;
  /** Other faults in force meanwhile that the same requests may have failed for. */
  readonly shared_with: readonly string[];
  readonly start_sec: number;
  readonly end_sec: number;
  /** Requests due, and those of them that failed (or had no answer, or were not sent), and successes slower than the baseline's p99. */
  readonly due: number;
  readonly failed: number;
  readonly slow: number;
  /** The same less what the baseline's own rates come to over as many requests; never below 0. */
  readonly failed_above_baseline: number;
  readonly slow_above_baseline: number;
  /** ok / due, 0..1. */
  readonly availability: number;
  /** Of the failures that the SLO allows in 30 days at the baseline's rate, in percent; null without an SLO. */
  readonly error_budget_pct: number | null;
}
