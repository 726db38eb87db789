import { join } from 'node:path';
import { loadConfig, loadScenario } from '../config/load.ts';
import { type ExitCode, OrchError } from '../model/errors.ts';
import type { Mode } from '../model/node.ts';
import { performRun } from './perform-run.ts';
import type { CommonOptions } from './program.ts';
import { reportError } from './report-error.ts';
import type { DriverWish, World } from './world.ts';

export interface RunCommandOptions extends CommonOptions {
  readonly scenario: string;
  readonly runId?: string;
  readonly mode?: Mode;
  readonly driver?: DriverWish;
  readonly seed?: string;
  readonly json?: boolean;
}

export async function runCommand(world: World, options: RunCommandOptions): Promise<ExitCode> {
  const { manifest, outcome, dir, exit } = await performRun(world, {
    scenario: await loadScenario(options.scenario, scenarioDirs(world)),
    loaded: await loadConfig(options.config, world.cwd),
    runsRoot: options.runs,
    runId: options.runId,
    mode: options.mode,
    driver: options.driver,
    seed: options.seed === undefined ? undefined : parseSeed(options.seed),
  });
  if (outcome.error !== undefined) reportError(world, outcome.error);
  if (options.json === true) {
    const { run_id, status, reason, conclusive, counts, still_broken } = manifest;
    const told = {
      run_id,
      path: dir.path,
      status,
      reason,
      conclusive,
      counts,
      still_broken,
      exit_code: exit,
    };
    world.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  } else {
    world.stdout.write(`${manifest.run_id}\n`);
  }
  return exit;
}

/** Where a scenario is looked up that does not stand where it was named. */
export function scenarioDirs(world: World): readonly string[] {
  return [join(world.cwd, 'scenarios'), join(world.packageRoot, 'scenarios')];
}

/** @throws OrchError `usage` */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed < 2 ** 31) return seed;
  throw new OrchError('usage', `--seed ${text} is not a seed`, {
    hint: 'A whole number from 0 to 2147483647.',
  });
}
