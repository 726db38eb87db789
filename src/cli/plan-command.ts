import { loadConfig, type LoadedScenario, loadScenario } from '../config/load.ts';
import { nodesOf } from '../config/nodes.ts';
import { shownUrl } from '../config/redact.ts';
import type { Sighting } from '../control/driver.ts';
import type { Config } from '../model/config.ts';
import { formatDuration } from '../model/duration.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import type { Mode, NodeSpec } from '../model/node.ts';
import { foreseeMeans } from '../run/foresee-means.ts';
import { choicesOf, type Plan } from '../run/plan.ts';
import { timelineOf } from '../run/timeline.ts';
import {
  type CommonOptions,
  newSeed,
  outsideOf,
  parseSeed,
  type ScenarioOptions,
  scenarioDirs,
} from './options.ts';
import { refusalsNow } from './refusals.ts';
import { checkRoles, resolvePlan } from './resolve-plan.ts';
import { painter } from './style.ts';
import { table } from './table.ts';
import { shownValue } from './shown-value.ts';
import type { ChosenDriver, DriverWish, World } from './world.ts';

export interface PlanCommandOptions extends CommonOptions, ScenarioOptions {
  readonly mode?: Mode;
  readonly driver?: DriverWish;
  readonly allowRemote?: boolean;
  readonly seed?: string;
  readonly json?: boolean;
}

/** What a step of the plan will act upon, as it is now. */
type Seen = ReadonlyMap<string, Sighting>;

/** Shows what a scenario will do, resolved, without doing any of it: an engine is only asked, no node is started. */
export async function planCommand(
  world: World,
  file: string,
  options: PlanCommandOptions,
): Promise<ExitCode> {
  const { config } = await loadConfig(options.config, world.cwd);
  const scenario = await loadScenario({
    name: file,
    directories: scenarioDirs(world),
    nodes: nodesOf(config),
    outside: outsideOf(world, options),
  });
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
  if (options.json === true)
    world.stdout.write(`${JSON.stringify(jsonOf(plan, scenario, chosen, { mode, seed }, seen), null, 2)}\n`);
  else print(world, scenario, plan, chosen, seen);
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

function print(world: World, scenario: LoadedScenario, plan: Plan, chosen: ChosenDriver, seen: Seen): void {
  const paint = painter(world.stdout);
  const lines = [
    `${paint('bold', scenario.value.name)}: ${formatDuration(plan.endMs)} in all; nothing has been touched`,
    `driver: ${chosen.name} (${chosen.reason})`,
    '',
    ...partsOf(scenario),
    table(
      ['node', 'address', 'what is there now'],
      plan.nodes.map((node) => [node.name, shownUrl(node.url), thereNow(node.name, chosen, seen)]),
      false,
    ),
    '',
    table(['at', 'phase', 'does', 'to', 'undone'], rowsOf(plan), false),
    '',
    ...choicesIn(plan),
    ...limitsOf(plan),
    ...plan.warnings.map((warning) => `${paint('yellow', 'warning')}: ${warning}`),
  ];
  world.stdout.write(`${lines.join('\n')}\n`);
}

/** What the scenario was made of, beside its own file. */
function partsOf({ variables, includes }: LoadedScenario): readonly string[] {
  const rows = variables.map(({ name, value, from }) => [name, shownValue(value), from]);
  return [
    ...(rows.length === 0 ? [] : [table(['variable', 'value', 'from'], rows, false), '']),
    ...(includes.length === 0 ? [] : [`includes ${includes.map(({ path }) => path).join(', ')}`, '']),
  ];
}

function rowsOf(plan: Plan): readonly (readonly string[])[] {
  let phaseBefore = '';
  return timelineOf(plan).map(({ atMs, mayBeLater, phase, does, means, touches, undo }) => {
    const shownPhase = phase === phaseBefore ? '' : phase;
    phaseBefore = phase;
    const undone =
      undo === null ? '' : `by ${undo.how}, ${undo.byEnd ? 'at the end, ' : ''}at ${seconds(undo.atMs)}`;
    const what = means === null ? does : `${does} by ${means}`;
    return [`${mayBeLater ? '~' : ''}${seconds(atMs)}`, shownPhase, what, touches.join(', '), undone];
  });
}

/** Which nodes each target means that does not name a single one, and why. */
function choicesIn(plan: Plan): readonly string[] {
  const choices = choicesOf(plan).map(({ phase, order: { action, nodes, why } }) => [
    phase,
    action,
    nodes.length === 0 ? 'skipped' : namesOf(nodes).join(', '),
    why,
  ]);
  if (choices.length === 0) return [];
  return [table(['phase', 'action', 'means', 'because of'], choices, false), ''];
}

function namesOf(nodes: readonly NodeSpec[]): readonly string[] {
  return nodes.map(({ name }) => name);
}

function thereNow(node: string, { name }: ChosenDriver, seen: Seen): string {
  const sighting = seen.get(node);
  if (sighting !== undefined) return `${sighting.state}: ${sighting.evidence}`;
  return name === 'process'
    ? 'nothing: the run will start it, on another port where this one is taken'
    : 'not looked at: it is only loaded';
}

function limitsOf({ blastRadius, stopWhen }: Plan): readonly string[] {
  const { max_down: maxDown, min_healthy: minHealthy } = blastRadius;
  const limits = [
    ...(maxDown === undefined ? [] : [`at most ${maxDown} down at once`]),
    ...(minHealthy === undefined ? [] : [`at least ${minHealthy} of a kind healthy`]),
  ];
  return [
    ...(limits.length === 0 ? [] : [`blast radius: ${limits.join(', ')}`]),
    ...stopWhen.map(({ text }) => `stops early when ${text}`),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`;
}

function jsonOf(
  plan: Plan,
  { variables, includes }: LoadedScenario,
  { name, reason, engine }: ChosenDriver,
  run: { readonly mode: Mode; readonly seed: number },
  seen: Seen,
): object {
  return {
    ...run,
    variables,
    includes: includes.map(({ path }) => path),
    driver: { name, reason, ...(engine === null ? {} : { engine }) },
    duration_sec: plan.endMs / 1000,
    nodes: plan.nodes.map((node) => ({
      name: node.name,
      kind: node.kind,
      url: shownUrl(node.url),
      state: seen.get(node.name)?.state ?? null,
      evidence: seen.get(node.name)?.evidence ?? null,
    })),
    timeline: timelineOf(plan).map(({ atMs, mayBeLater, phase, does, means, touches, undo }) => ({
      at_sec: atMs / 1000,
      may_be_later: mayBeLater,
      phase,
      does,
      means,
      touches,
      undo: undo === null ? null : { how: undo.how, at_sec: undo.atMs / 1000, by_end: undo.byEnd },
    })),
    choices: choicesOf(plan).map(({ atMs, phase, order: { action, nodes, from, why, rolling } }) => ({
      at_sec: atMs / 1000,
      phase,
      action,
      nodes: namesOf(nodes),
      from: namesOf(from),
      why,
      rolling,
    })),
    blast_radius: plan.blastRadius,
    stop_when: plan.stopWhen.map(({ text }) => text),
    warnings: plan.warnings,
  };
}
