import { type ExitCode, exitCode } from '../model/errors.ts';
import type { GateReport } from './judge.ts';
import { type GateVerdict, type Status, worstFirst } from './verdict.ts';

/** What the runs of a series came to, gate by gate. */
export interface SeriesReport extends GateReport {
  /** Its runs with faults that were judged, each against the baseline of its pair. */
  readonly runs: readonly Pick<GateReport, 'run_id' | 'baseline_id' | 'status'>[];
}

/** The first of these that a run came to is what the series comes to. */
const graver: readonly ExitCode[] = [exitCode.undoFailed, exitCode.gateFailed, exitCode.inconclusive];

/**
 * One report for all runs of a series. A gate holds where it holds in each of its runs; the one in which it holds least is
 * told. A gate that failed in one has failed, for that is for certain; where a pair is missing none passes.
 * @param reports Of the runs with faults, by the same gates; one at least.
 * @param pairs How many were asked for.
 */
export function judgeSeries(id: string, reports: readonly GateReport[], pairs: number): SeriesReport {
  const isWhole = reports.length === pairs;
  const missing = isWhole ? [] : [`only ${reports.length} of ${pairs} pairs could be judged`];
  const gates = reports[0]!.gates.map((_, index) => seriesVerdict(reports, index, isWhole));
  const statuses = [...gates, ...reports].map(({ status }) => status);
  const exits = [...reports.map(({ exit_code: exit }) => exit), ...(isWhole ? [] : [exitCode.inconclusive])];
  const prefixed = (of: (report: GateReport) => readonly string[]) =>
    reports.flatMap((report) => of(report).map((text) => `${report.run_id}: ${text}`));
  return {
    run_id: id,
    baseline_id: null,
    pairs,
    scenario: reports[0]!.scenario,
    duration_sec: reports.reduce((sum, report) => sum + report.duration_sec, 0),
    status: worstOf(statuses),
    exit_code: graver.find((code) => exits.includes(code)) ?? exitCode.passed,
    gates,
    checks: reports.flatMap(({ run_id, checks }) =>
      checks.map((check) => ({ ...check, name: `${run_id}: ${check.name}` })),
    ),
    doubts: [...missing, ...prefixed(({ doubts }) => doubts)],
    warnings: prefixed(({ warnings }) => warnings),
    runs: reports.map(({ run_id, baseline_id, status }) => ({ run_id, baseline_id, status })),
  };
}

/** As it came out in the run in which it holds least. */
function seriesVerdict(reports: readonly GateReport[], index: number, isWhole: boolean): GateVerdict {
  const verdicts = reports.map(({ run_id, gates }) => ({ run_id, verdict: gates[index]! }));
  const [{ run_id, verdict } = verdicts[0]!] = verdicts.toSorted((a, b) => worstFirst(a.verdict, b.verdict));
  const passed = verdicts.filter((one) => one.verdict.status === 'passed').length;
  const share = `it passed in ${passed} of ${reports.length} run${reports.length === 1 ? '' : 's'}`;
  return {
    ...verdict,
    status: verdict.status === 'passed' && !isWhole ? 'inconclusive' : verdict.status,
    why: `${share}; least in ${run_id}: ${verdict.why}`,
  };
}

function worstOf(statuses: readonly Status[]): Status {
  return (['failed', 'inconclusive'] as const).find((status) => statuses.includes(status)) ?? 'passed';
}
