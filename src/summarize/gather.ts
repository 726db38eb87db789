import type { Analysis, AnomalyWindow, Counts, FaultSpan, Summary } from '../model/analysis.ts';
import type { FineWindow } from '../model/recovery.ts';
import type {
  AnomalyFacts,
  Compared,
  Facts,
  FaultFact,
  FaultRequests,
  PartFact,
  ShiftFact,
  WritesFact,
} from './facts.ts';

/** A run that flaps for hours has windows beyond what anyone reads, or a model takes. */
const mostWindows = 20;

/** The facts of an analysis, unrounded. */
export function factsOf(analysis: Analysis): Facts {
  const { baseline_summary: baseline, run_summary: run } = analysis;
  const relative = (of: (summary: Summary) => number | null): Compared => {
    const [before, after] = [of(baseline), of(run)];
    const change = before === null || after === null || before === 0 ? null : (after / before - 1) * 100;
    return { baseline: before, run: after, change_pct: change };
  };
  // Rows of a file without a phase column belong to none.
  const phases = analysis.run_tables.per_phase.filter((part) => part.name !== '');
  return {
    scenario: analysis.scenario,
    mode: analysis.mode,
    run_id: analysis.run_id,
    baseline_id: analysis.baseline_id,
    conclusive: analysis.conclusive,
    warnings: analysis.warnings,
    duration_sec: { baseline: baseline.duration_sec, run: run.duration_sec },
    requests: { baseline: countsOf(baseline), run: countsOf(run) },
    comparison: {
      throughput_rps: relative((summary) => summary.throughput_rps),
      goodput_rps: relative((summary) => summary.goodput_rps),
      error_rate_pct: {
        baseline: baseline.error_rate * 100,
        run: run.error_rate * 100,
        change_points: (run.error_rate - baseline.error_rate) * 100,
      },
      p50_latency_ms: relative((summary) => summary.p50_latency_ms),
      p95_latency_ms: relative((summary) => summary.p95_latency_ms),
      p99_latency_ms: relative((summary) => summary.p99_latency_ms),
    },
    throughput_drop_pct: analysis.throughput_drop_pct,
    fault_count: analysis.faults.length,
    faults: analysis.faults.map((fault) => faultFact(fault, analysis)),
    anomalies: anomalyFacts(analysis),
    shifts: {
      window_count: analysis.windows.length,
      first_windows: analysis.windows.slice(0, mostWindows).map(shiftFact),
    },
    writes: writesFact(analysis),
    recovery: {
      recovered: analysis.recovered,
      recovery_time_sec: analysis.recovery_time_sec,
      reason: analysis.recovery_reason,
    },
    phase_count: phases.length,
    phases: phases.map((part) => {
      const span = analysis.phases.find((phase) => phase.name === part.name);
      return {
        ...partFact(part),
        start_sec: span?.start_sec ?? null,
        end_sec: span?.end_sec ?? null,
      };
    }),
    node_count: analysis.run_tables.per_node.length,
    disturbed_node_count: unique(analysis.faults.map((fault) => fault.node)).length,
    nodes: analysis.run_tables.per_node.map(partFact),
  };
}

function faultFact(fault: FaultSpan, analysis: Analysis): FaultFact {
  const end = fault.verified_sec ?? fault.undone_sec;
  return {
    id: fault.id,
    kind: fault.kind,
    effect: fault.effect,
    node: fault.node,
    phase: fault.phase,
    took_effect_sec: fault.effective_sec,
    undone_sec: fault.undone_sec,
    served_again_sec: fault.verified_sec,
    in_force_sec: end === null || fault.effective_sec === null ? null : end - fault.effective_sec,
    undo_failed: fault.undo_failed,
    requests: faultRequests(fault, analysis),
  };
}

function faultRequests({ id }: FaultSpan, { recoveries, costs }: Analysis): FaultRequests | null {
  const recovery = recoveries.find(({ fault }) => fault === id);
  const cost = costs.find(({ fault }) => fault === id);
  if (recovery === undefined || cost === undefined) return null;
  return {
    showed: recovery.disturbed,
    detected_after_sec: recovery.time_to_detect_sec,
    recovered: recovery.recovered,
    recovered_after_sec: recovery.time_to_recover_sec,
    uncertainty_sec: recovery.uncertainty_sec,
    outage_sec: recovery.outage_sec,
    observed_for_sec: recovery.observed_for_sec,
    failed_above_baseline: Math.round(cost.failed_above_baseline),
    slow_above_baseline: Math.round(cost.slow_above_baseline),
    error_budget_pct: cost.error_budget_pct,
  };
}

function anomalyFacts({ anomaly_windows: windows, thresholds, seconds }: Analysis): AnomalyFacts {
  const lasted = (window: AnomalyWindow) => window.end_sec - window.start_sec + 1;
  const isNone = windows.length === 0;
  return {
    rule: {
      throughput_below_rps: thresholds.throughput_floor_rps,
      error_rate_above_pct: thresholds.error_rate_threshold * 100,
      ignored_at_start_sec: thresholds.warmup_ignore_sec,
    },
    judged_seconds: seconds.filter((second) => second.counted).length,
    window_count: windows.length,
    total_sec: windows.reduce((sum, window) => sum + lasted(window), 0),
    causes: unique(windows.flatMap((window) => window.causes)),
    faults: unique(windows.flatMap((window) => window.faults)),
    lowest_throughput_rps: isNone ? null : Math.min(...windows.map((window) => window.min_throughput_rps)),
    highest_error_rate_pct: isNone ? null : Math.max(...windows.map((window) => window.max_error_rate)) * 100,
    first_windows: windows.slice(0, mostWindows).map((window) => ({
      start_sec: window.start_sec,
      end_sec: window.end_sec,
      lasted_sec: lasted(window),
      causes: window.causes,
      lowest_throughput_rps: window.min_throughput_rps,
      highest_error_rate_pct: window.max_error_rate * 100,
      faults: window.faults,
    })),
  };
}

function shiftFact(window: FineWindow): ShiftFact {
  const { start_sec, end_sec, ended, cause, nodes, faults, metric, magnitude, baseline } = window;
  const key = metric === 'error_rate' ? 'error_rate_pct' : metric;
  const shown = (value: number | null) => (value === null || key === metric ? value : value * 100);
  return {
    start_sec,
    end_sec,
    lasted_sec: end_sec - start_sec,
    ended,
    cause,
    nodes,
    faults,
    [key]: { baseline: shown(baseline), during: shown(magnitude) },
  };
}

function writesFact({ correctness, correctness_reason: reason }: Analysis): WritesFact | null {
  if (correctness === null && reason === null) return null;
  const sum = (key: 'acknowledged' | 'indeterminate') =>
    (correctness?.checks ?? []).reduce((total, check) => total + check[key], 0);
  return {
    acknowledged: sum('acknowledged'),
    indeterminate: sum('indeterminate'),
    lost: correctness?.lost_writes ?? null,
    duplicates: correctness?.duplicates ?? null,
    stale_reads: correctness?.stale_reads ?? null,
    reason,
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

function partFact(part: Summary & { readonly name: string }): PartFact {
  return {
    name: part.name,
    requests: part.due,
    error_rate_pct: part.error_rate * 100,
    p95_latency_ms: part.p95_latency_ms,
  };
}

function countsOf({ due, ok, fail, unknown, dropped }: Counts): Counts {
  return { due, ok, fail, unknown, dropped };
}
