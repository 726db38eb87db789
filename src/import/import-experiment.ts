import { validateYaml } from '../config/validate.ts';
import { type Remark, yamlText } from '../config/yaml.ts';
import type { Json } from '../model/disturber.ts';
import { type Context, isList, type Part, put } from './context.ts';
import { declaredIn, type Experiment, experimentSchema } from './experiment.ts';
import { method, rollbacks } from './flow.ts';
import { Ledger, type Told } from './ledger.ts';
import { check } from './look.ts';
import { isSecret, variables } from './settings.ts';
import { literal, nameLength, nameOf } from './template.ts';

/** A day: no phase may be longer. */
const longestPhaseSec = 86_400;

/** What became of an experiment. */
export interface Imported {
  /** The scenario as plain data. */
  readonly scenario: Part;
  /** Its YAML, with comments where something needs the user's attention. */
  readonly yaml: string;
  /** What has no counterpart, in the file's order. */
  readonly unsupported: readonly Told[];
  /** What means something else than it seems, or is to be done. */
  readonly remarks: readonly Told[];
}

/**
 * An experiment of Chaos Toolkit, in JSON or YAML, as a scenario.
 * @throws OrchError `yaml-invalid`
 */
export function importExperiment(text: string, file: string): Imported {
  const { value: experiment, where } = validateYaml(text, file, experimentSchema);
  const ledger = new Ledger(where);
  refuseExtensions(experiment, ledger);
  const declared = variables(experiment, ledger);
  const names = Object.keys(declared);
  const secrets = new Set(names.filter((name) => isSecret(declared[name])));
  const context = { experiment, ledger, variables: new Set(names), secrets };
  const scenario = scenarioOf(context, declared);
  const { unsupported, remarks } = ledger;
  const head = headOf(experiment, file, ledger);
  return { scenario, yaml: yamlText(scenario, head, commentsIn(scenario, ledger)), unsupported, remarks };
}

function scenarioOf(context: Context, declared: Part): Part {
  const { experiment, ledger } = context;
  const steady = steadyState(context);
  const { actions, durationSec } = method(context);
  const undoing = rollbacks(context);
  const phase = {
    name: 'method',
    duration_sec: Math.min(Math.max(Math.ceil(durationSec), 1), longestPhaseSec),
    until: 'done',
    actions,
  };
  ledger.comment(
    phase,
    'It ends when the method is done; at most it lasts as long as all pauses and time limits together.\n' +
      'Chaos Toolkit makes no load. To have some, put this before the first action:\n' +
      '- { type: start_load, target: all_nodes, rps: 50 }',
  );
  if (undoing.length > 0)
    ledger.comment(
      undoing,
      'Carried out however the run ends; Chaos Toolkit leaves them out where it was interrupted, or the system was not well.',
    );
  return {
    name: titleOf(context),
    description: literal(experiment.description),
    ...(Object.keys(declared).length === 0 ? {} : { variables: declared }),
    ...(steady.length === 0 ? {} : { steady_state: steady }),
    phases: [phase],
    ...(undoing.length === 0 ? {} : { rollbacks: undoing }),
  };
}

/** Chaos Toolkit puts variables into the title. One that is too long is cut, and then has none. */
function titleOf(context: Context): string {
  const { title } = context.experiment;
  return title.length > nameLength ? nameOf(title) : put(context, title, ['title']);
}

function steadyState(context: Context): readonly Part[] {
  const { experiment, ledger } = context;
  const hypothesis = experiment['steady-state-hypothesis'];
  if (hypothesis === undefined) return [];
  if (hypothesis.controls !== undefined)
    ledger.refuse(['steady-state-hypothesis', 'controls'], 'controls cannot be imported');
  const declared = declaredIn(experiment);
  const checks: Part[] = [];
  const leftOut: string[] = [];
  for (const [index, probe] of hypothesis.probes.entries()) {
    const path = ['steady-state-hypothesis', 'probes', index];
    const placed = probe.type === 'ref' ? declared.get(probe.ref) : { activity: probe, path };
    if (placed === undefined) continue;
    const made = check(context, placed.activity, probe.tolerance, placed.path, [...path, 'tolerance']);
    if (made === null) {
      leftOut.push(`NOT IMPORTED, ${ledger.placeOf(path)}: the check \`${placed.activity.name}\``);
      continue;
    }
    for (const text of leftOut.splice(0)) ledger.comment(made, text);
    checks.push(made);
  }
  const last = checks.at(-1);
  if (last !== undefined) for (const text of leftOut) ledger.comment(last, `(after this one) ${text}`);
  if (checks.length > 0) ledger.comment(checks, hypothesis.title);
  else ledger.generally(`Steady state: ${hypothesis.title}`);
  return checks;
}

function refuseExtensions(experiment: Experiment, ledger: Ledger): void {
  const { controls, extensions, runtime, dry } = experiment;
  if (controls !== undefined) ledger.refuse(['controls'], 'controls cannot be imported');
  if (extensions !== undefined) ledger.refuse(['extensions'], 'extensions cannot be imported');
  if (runtime !== undefined) ledger.refuse(['runtime'], 'how an experiment is run cannot be imported');
  if (dry === true)
    ledger.refuse(['dry'], 'a scenario is never dry by itself: `orch plan` shows what it would do');
}

function headOf({ tags, contributions }: Experiment, file: string, ledger: Ledger): string {
  const shares = Object.entries(contributions ?? {}).map(([name, share]) => `${name}: ${share}`);
  return [
    `Made by \`orch import\` from ${file}, an experiment of Chaos Toolkit.`,
    ...(tags === undefined ? [] : [`tags: ${tags.join(', ')}`]),
    ...(shares.length === 0 ? [] : [`contributions: ${shares.join(', ')}`]),
    ...ledger.general,
    ...ledger.unsupported.map(({ where, message }) => `NOT IMPORTED, ${where}: ${message}`),
  ].join('\n');
}

/** The comments on parts of a value, each with its path. */
function commentsIn(value: Json, ledger: Ledger, path: readonly (string | number)[] = []): readonly Remark[] {
  if (value === null || typeof value !== 'object') return [];
  const own = ledger.commentsOn(value).map((text) => ({ path, text }));
  const parts: readonly (readonly [string | number, Json])[] = isList(value)
    ? value.map((part, index) => [index, part] as const)
    : Object.entries(value);
  return [...own, ...parts.flatMap(([key, part]) => commentsIn(part, ledger, [...path, key]))];
}
