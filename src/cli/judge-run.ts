import type { LoadedConfig } from '../config/load.ts';
import type { GateReport } from '../gate/judge.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import type { RunDir } from '../store/run-dir.ts';
import { type GateOptions, keptGates } from './gate-options.ts';
import { keepHeapLean } from './lean-heap.ts';
import { passGates, tellReport } from './pass-gates.ts';
import type { PerformedRun } from './perform-run.ts';
import { reportError } from './report-error.ts';
import type { World } from './world.ts';

export interface JudgeRequest {
  readonly finished: Pick<PerformedRun, 'manifest' | 'dir'>;
  readonly baseline: RunDir | null;
  readonly loaded: LoadedConfig;
}

export interface JudgedRun {
  /** Null where there was nothing to judge by, or that failed. */
  readonly report: GateReport | null;
  readonly exit: ExitCode;
}

/** Judges a run that has just ended, where it has gates or a baseline; not one that the user has no wish to wait for. */
export async function judgeRun(
  world: World,
  { finished: { manifest, dir }, baseline, loaded }: JudgeRequest,
  options: GateOptions,
): Promise<JudgedRun> {
  const gates = [...keptGates(manifest), ...loaded.gates];
  const isWanted = gates.length > 0 || baseline !== null;
  if (!isWanted || manifest.status === 'interrupted') return { report: null, exit: exitCode.passed };
  keepHeapLean();
  const request = { run: dir, baseline, manifest, config: loaded.config, gates };
  try {
    // The run's id alone goes to stdout, for scripts.
    const report = await passGates(world, request, options, (made) => tellReport(made, world.stderr));
    return { report, exit: report.exit_code };
  } catch (error) {
    return { report: null, exit: reportError(world, error) };
  }
}
