import type { GateReport } from '../gate/judge.ts';
import type { GateVerdict } from '../gate/verdict.ts';
import type { Analysis } from '../model/analysis.ts';
import type { Manifest } from '../model/manifest.ts';
import type { FaultRecovery, Recovery } from '../model/recovery.ts';
import type { ReportFacts } from '../report/facts.ts';
import { buildAnalysis } from './analysis-builder.ts';
import { manifestOf } from './run-files.ts';

/** How the nodes came through a fault: recovered after 21 s, within 0.12 s, where nothing else is said. */
export function recoveryOf(fault: string, change: Partial<Recovery> = {}): FaultRecovery {
  const recovery: Recovery = {
    disturbed: true,
    recovered: true,
    time_to_detect_sec: 0.02,
    outage_sec: 20.5,
    outage_at_least_sec: 20.5,
    time_to_first_success_sec: 20.6,
    time_to_first_success_after_undo_sec: 0.6,
    time_to_recover_sec: 21,
    time_to_recover_after_undo_sec: 0.96,
    observed_for_sec: 49.92,
    uncertainty_sec: 0.12,
    ...change,
  };
  return { fault, nodes: ['service-node-2'], judged_by: 'nodes', ...recovery, all_requests: recovery };
}

export function gateVerdict(change: Partial<GateVerdict> = {}): GateVerdict {
  return {
    gate: 'error_rate < 20%',
    name: null,
    status: 'passed',
    metric: 'error_rate',
    phase: null,
    node: null,
    fault: null,
    comparison: '<',
    limit: 0.2,
    unit: 'share',
    measured: 0.0862,
    at_least: false,
    uncertainty: null,
    margin: 0.1138,
    margin_pct: 56.9,
    why: 'of 4,000 requests',
    place: null,
    ...change,
  };
}

export function gateReport(change: Partial<GateReport> = {}): GateReport {
  return {
    run_id: 'run',
    baseline_id: 'base',
    scenario: 'node_failure_recovery',
    duration_sec: 80,
    status: 'passed',
    exit_code: 0,
    gates: [],
    checks: [],
    doubts: [],
    warnings: [],
    ...change,
  };
}

/** The facts of the usual run: one node killed, and recovered from. */
export function reportFacts(
  analysis: Partial<Analysis> = {},
  change: Partial<ReportFacts> = {},
): ReportFacts {
  const usual: Analysis = { ...buildAnalysis(), recoveries: [recoveryOf('f1')], ...analysis };
  return {
    run: usual,
    analysis: usual,
    gates: gateReport(),
    examples: { slowest: [], errors: [], others: 0 },
    manifest: JSON.parse(manifestOf()) as Manifest,
    files: [{ name: 'metrics.csv', path: 'metrics.csv' }],
    version: '0.1.0',
    ...change,
  };
}
