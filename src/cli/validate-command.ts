import { readUserFile } from '../config/files.ts';
import { checkFragment, loadConfig, loadScenario } from '../config/load.ts';
import { nodesOf, workloadKinds } from '../config/nodes.ts';
import type { ResolvedVariable } from '../config/expand.ts';
import { type Config, configSchema } from '../model/config.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { inferMode } from '../run/infer-mode.ts';
import type { Scenario } from '../model/scenario.ts';
import { makePlan } from '../run/make-plan.ts';
import { labelsToAsk, targetsOf } from '../run/targets.ts';
import { checkFiles } from './check-files.ts';
import { type CommonOptions, outsideOf, type ScenarioOptions, scenarioDirs } from './options.ts';
import { shownValue } from './shown-value.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

interface Checked {
  readonly file: string;
  readonly kind: 'scenario' | 'fragment' | 'config';
  readonly valid: boolean;
  readonly mistakes: readonly string[];
  readonly warnings: readonly string[];
  /** What the variables of a valid scenario stand for. */
  readonly variables?: readonly ResolvedVariable[];
  /** The fragments that a valid scenario includes. */
  readonly includes?: readonly string[];
}

export interface ValidateCommandOptions extends CommonOptions, ScenarioOptions {
  readonly json?: boolean;
}

/** All files are checked, whatever is wrong with the first. Scenarios are held against the config in force. */
export async function validateCommand(
  world: World,
  files: readonly string[],
  options: ValidateCommandOptions,
): Promise<ExitCode> {
  const all: Checked[] = [];
  const config = await configInForce(world, options).catch((error: unknown) => {
    const file = options.config ?? 'config.yaml';
    if (!(error instanceof OrchError) || error.code !== 'yaml-invalid') throw error;
    if (!files.includes(file))
      all.push({ file, kind: 'config', valid: false, mistakes: error.details, warnings: [] });
    return undefined;
  });
  for (const file of files) all.push(await check(world, file, config, options));
  if (options.json === true) world.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  else print(world, all);
  return all.every(({ valid }) => valid) ? exitCode.passed : exitCode.invalid;
}

async function configInForce(world: World, { config }: CommonOptions): Promise<Config> {
  return (await loadConfig(config, world.cwd)).config;
}

/** @param config Undefined where it is invalid: then only the scenario's form can be checked. */
async function check(
  world: World,
  file: string,
  config: Config | undefined,
  options: ScenarioOptions,
): Promise<Checked> {
  const kind = await kindOf(file);
  const valid = { file, kind, valid: true, mistakes: [], warnings: [] } as const;
  try {
    if (kind === 'config') {
      checkFiles(await loadConfig(file, world.cwd));
      return valid;
    }
    if (kind === 'fragment') return { ...valid, warnings: await checkFragment(file) };
    const nodes = config && nodesOf(config);
    const { value, where, variables, includes, warnings } = await loadScenario({
      name: file,
      directories: scenarioDirs(world),
      nodes,
      outside: outsideOf(world, options),
    });
    const resolved = { ...valid, warnings, variables, includes: includes.map(({ path }) => path) };
    if (config === undefined || nodes === undefined) return resolved;
    const mode = value.mode ?? inferMode(value, nodes);
    const open = openTargets(value);
    if (open !== null) return { ...resolved, warnings: [...warnings, open] };
    const blastRadius = config.blast_radius;
    const plan = makePlan({
      scenario: value,
      mode,
      nodes,
      seed: 0,
      blastRadius,
      workloads: workloadKinds(config),
      where,
    });
    return { ...resolved, warnings: [...warnings, ...plan.warnings] };
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    // What is wrong inside a file has a place each; of a file that cannot be read there is one thing to say.
    const mistakes = error.details.length > 0 ? error.details : [error.message];
    return { file, kind, valid: false, mistakes, warnings: [] };
  }
}

/** What cannot be told without asking the nodes; null where the scenario says all of it. */
function openTargets(scenario: Scenario): string | null {
  const targets = targetsOf(scenario);
  const asksLabels = labelsToAsk(targets).length > 0;
  const asksRoles = targets.some(({ role }) => role !== undefined);
  if (!asksLabels && !asksRoles) return null;
  const asked = [...(asksLabels ? ['labels'] : []), ...(asksRoles ? ['roles'] : [])].join(' and ');
  return `its targets depend on ${asked} that only the nodes can tell: \`orch plan\` asks them, and checks the rest`;
}

/**
 * A file is a config if a key at its top is one of a config's and none a scenario's, and a fragment if one is a
 * fragment's alone; what cannot be read is reported as a scenario.
 */
async function kindOf(file: string): Promise<Checked['kind']> {
  const text = await readUserFile(file, 'file').catch(() => '');
  const keys = new Set([...text.matchAll(/^(\w+)\s*:/gm)].map((match) => match[1]));
  if (!keys.has('name') && (keys.has('actions') || keys.has('parameters'))) return 'fragment';
  const isConfig = !keys.has('phases') && Object.keys(configSchema.shape).some((key) => keys.has(key));
  return isConfig || /(^|\/)config[^/]*\.ya?ml$/.test(file) ? 'config' : 'scenario';
}

function print(world: World, all: readonly Checked[]): void {
  const paint = painter(world.stdout);
  for (const { file, kind, valid, mistakes, warnings, variables = [], includes = [] } of all) {
    world.stdout.write(`${valid ? paint('green', 'ok') : paint('red', 'invalid')}  ${file} (${kind})\n`);
    for (const { name, value, from } of variables)
      world.stdout.write(`  ${name} = ${shownValue(value)}, from ${from}\n`);
    for (const path of includes) world.stdout.write(`  includes ${path}\n`);
    for (const mistake of mistakes) world.stdout.write(`  ${mistake}\n`);
    for (const warning of warnings) world.stdout.write(`  ${paint('yellow', 'warning')}: ${warning}\n`);
  }
}
