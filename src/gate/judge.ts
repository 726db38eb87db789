import { type ExitCode, exitCode } from '../model/errors.ts';
import type { PlacedGate } from '../model/gate.ts';
import type { Manifest } from '../model/manifest.ts';
import { type RunCheck, runChecks } from './checks.ts';
import type { Evidence } from './evidence.ts';
import { latenessDoubt } from './lateness.ts';
import { type GateVerdict, type Status, verdictOf } from './verdict.ts';

/** gates.json: what a run came to, gate by gate. */
export interface GateReport {
  /** The series', where it is of one. */
  readonly run_id: string;
  /** Null where there is none. */
  readonly baseline_id: string | null;
  /** Of how many pairs the series is to be; absent for a run. */
  readonly pairs?: number;
  readonly scenario: string | null;
  readonly duration_sec: number;
  readonly status: Status;
  readonly exit_code: ExitCode;
  readonly gates: readonly GateVerdict[];
  /** What the run itself had to come to: faults with an effect, undone, and a steady state. */
  readonly checks: readonly RunCheck[];
  /** Why nothing may be concluded; empty where something may. */
  readonly doubts: readonly string[];
  readonly warnings: readonly string[];
}

/** @param manifest Of the run; null for one of another origin. */
export function judge(
  gates: readonly PlacedGate[],
  evidence: Evidence,
  manifest: Manifest | null,
): GateReport {
  const { report, analysis } = evidence;
  const doubts = doubtsOf(evidence);
  const verdicts = gates.map((placed) => {
    const verdict = verdictOf(placed, evidence, doubts[0] ?? null);
    const late = verdict.status === 'failed' ? latenessDoubt(placed.gate, verdict.measured, manifest) : null;
    return late === null ? verdict : { ...verdict, status: 'inconclusive' as const, why: late };
  });
  const checks = runChecks(report.faults, manifest);
  const statuses = [...verdicts, ...checks].map(({ status }) => status);
  const status = statuses.includes('failed')
    ? 'failed'
    : doubts.length > 0 || statuses.includes('inconclusive')
      ? 'inconclusive'
      : 'passed';
  const isBroken = checks.some((check) => check.of === 'undo' && check.status === 'failed');
  return {
    run_id: report.run_id,
    baseline_id: analysis?.baseline_id ?? null,
    scenario: report.scenario,
    duration_sec: report.run_summary.duration_sec,
    status,
    exit_code: isBroken ? exitCode.undoFailed : exits[status],
    gates: verdicts,
    checks,
    doubts,
    warnings: report.warnings.filter((warning) => !doubts.includes(warning)),
  };
}

const exits = {
  passed: exitCode.passed,
  failed: exitCode.gateFailed,
  inconclusive: exitCode.inconclusive,
} as const satisfies Record<Status, ExitCode>;

/** Of a run that did not come to its end, or had something in the way, no gate is told to hold, and none not to. */
function doubtsOf({ report, analysis }: Evidence): readonly string[] {
  return [
    ...unfinished('the run', report.run_status),
    ...unfinished('the baseline', analysis?.baseline_status ?? null),
    ...report.doubts,
  ];
}

function unfinished(which: string, status: Manifest['status'] | null): readonly string[] {
  switch (status) {
    case null:
    case 'complete':
      return [];
    case 'running':
      return [`${which} was cut off, or goes on`];
    case 'failed':
      return [`${which} failed`];
    case 'stopped':
    case 'interrupted':
      return [`${which} was ${status} before its end`];
  }
}
