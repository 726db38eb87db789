import { loadConfig } from '../config/load.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { findRun } from '../store/find-run.ts';
import { readManifest } from '../store/manifest-reader.ts';
import { clearPlaces, type GateOptions, keptGates, parseGates } from './gate-options.ts';
import { keepHeapLean } from './lean-heap.ts';
import type { CommonOptions } from './options.ts';
import { passGates, tellReport } from './pass-gates.ts';
import { reportError } from './report-error.ts';
import type { World } from './world.ts';

export interface GateCommandOptions extends CommonOptions, GateOptions {
  readonly run: string;
  readonly baseline?: string;
  readonly json?: boolean;
}

/** Judges a run that was made before by the gates of its scenario, of the config, and those that are named. */
export async function gateCommand(world: World, options: GateCommandOptions): Promise<ExitCode> {
  keepHeapLean();
  const named = parseGates(options.gate);
  await clearPlaces(options);
  const { config, gates: configured } = await loadConfig(options.config, world.cwd);
  const run = await findRun(options.runs, options.run);
  const baseline = options.baseline === undefined ? null : await findRun(options.runs, options.baseline);
  const { manifest } = await readManifest(run.manifest);
  const gates = [...keptGates(manifest), ...configured, ...named];
  if (gates.length === 0) throw noGates();
  const request = { run, baseline, manifest, config, gates };
  const report = await passGates(world, request, options, (made) => {
    if (options.json === true) world.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
    else tellReport(made, world.stdout);
  });
  if (report.exit_code === exitCode.undoFailed)
    reportError(world, new OrchError('undo-failed', `${run.id} left a fault that could not be undone`));
  return report.exit_code;
}

function noGates(): OrchError {
  return new OrchError('usage', 'there is no gate to hold the run against', {
    hint: "Name one, as in --gate 'error_rate < 1%', or list some as `gates:` in the scenario or in config.yaml.",
  });
}
