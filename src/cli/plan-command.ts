import { loadConfig, loadScenario, placedGates } from '../config/load.ts';
import { nodesOf } from '../config/nodes.ts';
import type { Sighting } from '../control/driver.ts';
import { gateOutlook } from '../gate/outlook.ts';
import type { Config } from '../model/config.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import type { Mode } from '../model/node.ts';
import { foreseeMeans } from '../run/foresee-means.ts';
import type { Plan } from '../run/plan.ts';
import { checkFiles } from './check-files.ts';
import { parseGates, withGates } from './gate-options.ts';
import {
  type CommonOptions,
  newSeed,
  outsideOf,
  parseSeed,
  type ScenarioOptions,
  scenarioDirs,
} from './options.ts';
import { planJson } from './plan-json.ts';
import { planText, type Seen } from './plan-text.ts';
import { refusalsNow } from './refusals.ts';
import { checkRoles, resolvePlan } from './resolve-plan.ts';
import { painter } from './style.ts';
import type { ChosenDriver, DriverWish, World } from './world.ts';

export interface PlanCommandOptions extends CommonOptions, ScenarioOptions {
  readonly mode?: Mode;
  readonly driver?: DriverWish;
  readonly allowRemote?: boolean;
  readonly seed?: string;
  /** Gates beside those of scenario and config, as a run was asked for. */
  readonly gate?: readonly string[];
  readonly json?: boolean;
}

/** Shows what a scenario will do, resolved, without doing any of it: an engine is only asked, no node is started. */
export async function planCommand(
  world: World,
  file: string,
  options: PlanCommandOptions,
): Promise<ExitCode> {
  const { gate: wanted = [] } = options;
  parseGates(wanted);
  const loaded = await loadConfig(options.config, world.cwd);
  const { config } = loaded;
  checkFiles(loaded);
  const written = await loadScenario({
    name: file,
    directories: scenarioDirs(world),
    nodes: nodesOf(config),
    outside: outsideOf(world, options),
  });
  const scenario = withGates(written, wanted);
  const wish = options.driver ?? config.control.driver;
  const seed = options.seed === undefined ? newSeed() : parseSeed(options.seed);
  const { mode, plan: made } = await resolvePlan(world, { scenario, config, mode: options.mode, wish, seed });
  const chosen = await world.connections.chooseDriver({
    wish,
    config,
    nodes: made.nodes,
    disturbs: made.disturbs,
    allowRemote: options.allowRemote === true,
    directory: '',
    runPath: null,
  });
  checkRoles(scenario, chosen, wish);
  const { plan: foreseen, seen } = await lookAhead(made, chosen, config.control);
  const refusals = await refusalsNow({
    runsRoot: options.runs,
    host: world.host.name,
    plan: foreseen,
    chosen,
    seen,
  });
  const plan = { ...foreseen, warnings: [...scenario.warnings, ...foreseen.warnings, ...refusals] };
  const gates = [...placedGates(scenario.value.gates, scenario.where), ...loaded.gates].map((gate) =>
    gateOutlook(gate, plan, nodesOf(config)),
  );
  const shown = { plan, scenario, chosen, seen, gates };
  if (options.json === true)
    world.stdout.write(`${JSON.stringify(planJson(shown, { mode, seed }), null, 2)}\n`);
  else world.stdout.write(`${planText(shown, painter(world.stdout))}\n`);
  return exitCode.passed;
}

/** Containers are there to be looked at. Embedded nodes do not exist before the run starts them. */
async function lookAhead(
  plan: Plan,
  { driver, name }: ChosenDriver,
  { network_faults: way, proxy }: Config['control'],
): Promise<{ plan: Plan; seen: Seen }> {
  const seen = new Map<string, Sighting>();
  if (driver === null) return { plan, seen };
  if (name === 'process')
    return { plan: await foreseeMeans(plan, { driver, isOpen: false, way, proxy }), seen };
  try {
    const opened = await driver.open(plan.nodes.filter(({ managed }) => managed));
    for (const node of opened) seen.set(node.name, await driver.observe(node.name));
    return { plan: await foreseeMeans(plan, { driver, isOpen: true, way, proxy }), seen };
  } finally {
    await driver.close();
  }
}
