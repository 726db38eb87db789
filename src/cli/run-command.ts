import { loadConfig, loadScenario } from '../config/load.ts';
import { nodesOf } from '../config/nodes.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import type { Mode } from '../model/node.ts';
import { findRun } from '../store/find-run.ts';
import { refuseNoPlace } from '../store/json-file.ts';
import { clearPlaces, type GateOptions, parseGates, withGates } from './gate-options.ts';
import { judgeRun } from './judge-run.ts';
import { performRun } from './perform-run.ts';
import {
  type CommonOptions,
  outsideOf,
  parseCollector,
  parsePort,
  parseSeed,
  type ScenarioOptions,
  scenarioDirs,
} from './options.ts';
import { repeatRun, seriesAsked } from './repeat-run.ts';
import { reportOutcome } from './report-outcome.ts';
import type { DriverWish, World } from './world.ts';
import { writeJournal } from './write-journal.ts';

export interface RunCommandOptions extends CommonOptions, ScenarioOptions, GateOptions {
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
  readonly baseline?: string;
  readonly repeat?: string;
  readonly baselineScenario?: string;
}

export async function runCommand(world: World, options: RunCommandOptions): Promise<ExitCode> {
  if (options.dryRun === true) {
    const { planCommand } = await import('./plan-command.ts');
    return planCommand(world, options.scenario, options);
  }
  const { journal, prometheus, otlp } = options;
  const series = seriesAsked(options);
  if (journal !== undefined) await refuseNoPlace(journal);
  await clearPlaces(options);
  const { gate: wanted = [] } = options;
  parseGates(wanted);
  const baseline = options.baseline === undefined ? null : await findRun(options.runs, options.baseline);
  const telemetry = {
    prometheusPort: prometheus === undefined ? undefined : parsePort(prometheus, '--prometheus'),
    collector: otlp === undefined ? undefined : parseCollector(otlp),
  };
  const loaded = await loadConfig(options.config, world.cwd);
  const load = (name: string) =>
    loadScenario({
      name,
      directories: scenarioDirs(world),
      nodes: nodesOf(loaded.config),
      outside: outsideOf(world, options),
    });
  const request = {
    scenario: withGates(await load(options.scenario), wanted),
    loaded,
    runsRoot: options.runs,
    runId: options.runId,
    mode: options.mode,
    driver: options.driver,
    allowRemote: options.allowRemote === true,
    seed: options.seed === undefined ? undefined : parseSeed(options.seed),
    traceparent: options.traceparent === true,
    telemetry,
  };
  if (series !== null) {
    const calm = series.baseline === undefined ? null : await load(series.baseline);
    return repeatRun(world, request, {
      ...series,
      baseline: calm,
      json: options.json === true,
      gates: options,
    });
  }
  const finished = await performRun(world, request);
  const { manifest, dir } = finished;
  reportOutcome(world, finished);
  const journaled = journal === undefined ? finished.exit : await writeJournal(world, journal, finished);
  const judged = await judgeRun(world, { finished, baseline, loaded }, options);
  const exit = journaled === exitCode.passed ? judged.exit : journaled;
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
      verdict: judged.report,
    };
    world.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  } else {
    world.stdout.write(`${manifest.run_id}\n`);
  }
  return exit;
}
