import type { LoadedConfig } from '../config/load.ts';
import type { GateReport } from '../gate/judge.ts';
import { judgeSeries, type SeriesReport } from '../gate/judge-series.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import type { RunDir } from '../store/run-dir.ts';
import { type GateOptions, keptGates } from './gate-options.ts';
import type { JudgedRun } from './judge-run.ts';
import { keepHeapLean } from './lean-heap.ts';
import { judgeByGates, tellAll, tellReport } from './pass-gates.ts';
import type { PerformedRun } from './perform-run.ts';
import { reportError } from './report-error.ts';
import type { World } from './world.ts';

/** A run with faults, and what it is held against. */
export interface FinishedPair {
  readonly fault: Pick<PerformedRun, 'manifest' | 'dir'>;
  readonly baseline: RunDir;
}

export interface JudgeSeriesRequest {
  readonly id: string;
  /** Those of which both runs were made. */
  readonly finished: readonly FinishedPair[];
  /** How many were asked for. */
  readonly pairs: number;
  readonly loaded: LoadedConfig;
}

export interface JudgedSeries extends Pick<JudgedRun, 'exit'> {
  /** Null where there was nothing to judge by, or nothing that could be judged. */
  readonly report: SeriesReport | null;
}

/** Judges each run with faults against the baseline of its pair, where there are gates, and tells of all in one report. */
export async function judgeMadeSeries(
  world: World,
  { id, finished, pairs, loaded }: JudgeSeriesRequest,
  options: GateOptions,
): Promise<JudgedSeries> {
  const gatesOf = ({ fault }: FinishedPair) => [...keptGates(fault.manifest), ...loaded.gates];
  if (finished.every((pair) => gatesOf(pair).length === 0)) return { report: null, exit: exitCode.passed };
  keepHeapLean();
  const reports: GateReport[] = [];
  let exit: ExitCode = exitCode.passed;
  for (const pair of finished) {
    const { fault, baseline } = pair;
    try {
      const { report, keep } = await judgeByGates({
        run: fault.dir,
        baseline,
        manifest: fault.manifest,
        config: loaded.config,
        gates: gatesOf(pair),
      });
      reports.push(report);
      await keep();
    } catch (error) {
      // Of one that cannot be read, no gate is told to hold: the others are.
      exit = reportError(world, error);
    }
  }
  if (reports.length === 0) return { report: null, exit };
  const report = judgeSeries(id, reports, pairs);
  try {
    await tellAll(world, report, options, (made) => tellReport(made, world.stderr));
    return { report, exit: report.exit_code };
  } catch (error) {
    return { report, exit: reportError(world, error) };
  }
}
