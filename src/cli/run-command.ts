import { loadConfig, loadScenario } from '../config/load.ts';
import { nodesOf } from '../config/nodes.ts';
import type { ExitCode } from '../model/errors.ts';
import type { Mode } from '../model/node.ts';
import { refuseNoPlace } from '../store/json-file.ts';
import { performRun } from './perform-run.ts';
import { planCommand } from './plan-command.ts';
import {
  type CommonOptions,
  outsideOf,
  parseCollector,
  parsePort,
  parseSeed,
  type ScenarioOptions,
  scenarioDirs,
} from './options.ts';
import { reportOutcome } from './report-outcome.ts';
import type { DriverWish, World } from './world.ts';
import { writeJournal } from './write-journal.ts';

export interface RunCommandOptions extends CommonOptions, ScenarioOptions {
  readonly scenario: string;
  readonly runId?: string;
  readonly mode?: Mode;
  readonly driver?: DriverWish;
  readonly seed?: string;
  readonly json?: boolean;
  readonly allowRemote?: boolean;
  readonly dryRun?: boolean;
  readonly journal?: string;
  readonly prometheus?: string;
  readonly otlp?: string;
  readonly traceparent?: boolean;
}

export async function runCommand(world: World, options: RunCommandOptions): Promise<ExitCode> {
  if (options.dryRun === true) return planCommand(world, options.scenario, options);
  const { journal, prometheus, otlp } = options;
  if (journal !== undefined) await refuseNoPlace(journal);
  const telemetry = {
    prometheusPort: prometheus === undefined ? undefined : parsePort(prometheus, '--prometheus'),
    collector: otlp === undefined ? undefined : parseCollector(otlp),
  };
  const loaded = await loadConfig(options.config, world.cwd);
  const finished = await performRun(world, {
    scenario: await loadScenario({
      name: options.scenario,
      directories: scenarioDirs(world),
      nodes: nodesOf(loaded.config),
      outside: outsideOf(world, options),
    }),
    loaded,
    runsRoot: options.runs,
    runId: options.runId,
    mode: options.mode,
    driver: options.driver,
    allowRemote: options.allowRemote === true,
    seed: options.seed === undefined ? undefined : parseSeed(options.seed),
    traceparent: options.traceparent === true,
    telemetry,
  });
  const { manifest, dir } = finished;
  reportOutcome(world, finished);
  const exit = journal === undefined ? finished.exit : await writeJournal(world, journal, finished);
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
