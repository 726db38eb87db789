import type { LoadedScenario } from '../config/load.ts';
import { shownUrl } from '../config/redact.ts';
import type { Sighting } from '../control/driver.ts';
import type { GateOutlook } from '../gate/outlook.ts';
import { conditionOfCheck } from '../model/condition.ts';
import { formatDuration } from '../model/duration.ts';
import { chosenMeans } from '../run/choose-means.ts';
import { conditionText } from '../run/look-text.ts';
import { choicesOf, type Plan } from '../run/plan.ts';
import { askText, type TimelineEntry, timelineOf } from '../run/timeline.ts';
import { shownValue } from './shown-value.ts';
import type { Paint } from './style.ts';
import { table } from './table.ts';
import type { ChosenDriver } from './world.ts';

/** What a step of the plan will act upon, as it is now. */
export type Seen = ReadonlyMap<string, Sighting>;

/** A plan with what is known of it beside. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly scenario: LoadedScenario;
  readonly chosen: ChosenDriver;
  readonly seen: Seen;
  /** Those of scenario and config. */
  readonly gates: readonly GateOutlook[];
}

const longestCell = 64;

/** What a scenario will do, as tables for people. */
export function planText({ plan, scenario, chosen, seen, gates }: ShownPlan, paint: Paint): string {
  const timeline = timelineOf(plan);
  const lines = [
    `${paint('bold', scenario.value.name)}: ${formatDuration(plan.endMs)} ${plan.endsWhenDone ? 'at most' : 'in all'}; nothing has been touched`,
    `driver: ${chosen.name} (${chosen.reason})`,
    '',
    ...partsOf(scenario),
    table(
      ['node', 'address', 'what is there now'],
      plan.nodes.map((node) => [node.name, shownUrl(node.url), thereNow(node.name, chosen, seen)]),
      false,
    ),
    '',
    table(['at', 'phase', 'does', 'to', 'undone'], rowsOf(timeline), false),
    ...legendOf(timeline),
    '',
    ...besideOf(plan),
    ...choicesIn(plan),
    ...meansIn(plan),
    ...gatesOf(gates, paint),
    ...limitsOf(plan),
    ...plan.warnings.map((warning) => `${paint('yellow', 'warning')}: ${warning}`),
  ];
  return lines.join('\n');
}

/** What the scenario was made of, beside its own file. */
function partsOf({ variables, includes }: LoadedScenario): readonly string[] {
  const rows = variables.map(({ name, value, from }) => [name, shownValue(value), from]);
  return [
    ...(rows.length === 0 ? [] : [table(['variable', 'value', 'from'], rows, false), '']),
    ...(includes.length === 0 ? [] : [`includes ${includes.map(({ path }) => path).join(', ')}`, '']),
  ];
}

function rowsOf(timeline: readonly TimelineEntry[]): readonly (readonly string[])[] {
  let phaseBefore = '';
  return timeline.map((entry) => {
    const { phase, touches } = entry;
    const shownPhase = phase === phaseBefore ? '' : phase;
    phaseBefore = phase;
    return [timeOf(entry), shownPhase, whatOf(entry), touches.join(', '), undoneOf(entry)];
  });
}

/** Indented as deep as it is in groups. */
function whatOf({ depth, does, means, condition }: TimelineEntry): string {
  const by = means === null ? '' : ` by ${means}`;
  const only = condition === null ? '' : `, if ${condition}`;
  return `${'  '.repeat(depth)}${shortened(`${does}${by}${only}`)}`;
}

function undoneOf({ undo }: TimelineEntry): string {
  if (undo === null) return '';
  return `by ${undo.how}, ${undo.byEnd ? 'at the end, ' : ''}at ${timeOf(undo)}`;
}

/** What `~` means, where there is one. */
function legendOf(timeline: readonly TimelineEntry[]): readonly string[] {
  if (!timeline.some(({ mayBeLater }) => mayBeLater)) return [];
  return ['  ~ at the earliest: it may be later, or not be at all, as it is part of a group or has an `if`'];
}

/** What is looked at beside the phases, and what is carried out after them. */
function besideOf({ steadyState, writes, rollbacks }: Plan): readonly string[] {
  const checks = steadyState.map((check) => {
    const often = check.when.includes('during') ? `, every ${check.every_sec} s` : '';
    return [
      check.name,
      shortened(conditionText(conditionOfCheck(check))),
      `${check.when.join(', ')}${often}`,
    ];
  });
  const written = writes.map(({ name, asked: { rps, wait } }) => [
    name,
    `${rps} a second${wait === 0 ? '' : `, acknowledged by ${wait} of its replicas too`}`,
  ]);
  const last = rollbacks.map((activity) => [shortened(askText(activity))]);
  return [
    ...(checks.length === 0 ? [] : [table(['steady state', 'looks at', 'when'], checks, false), '']),
    ...(written.length === 0
      ? []
      : [table(['writes to', 'which are read back in the end'], written, false), '']),
    ...(last.length === 0 ? [] : [table(['rollbacks, however the run ends'], last, false), '']),
  ];
}

/** What the run will be judged by when it has ended. */
function gatesOf(gates: readonly GateOutlook[], paint: Paint): readonly string[] {
  if (gates.length === 0) return [];
  const rows = gates.map(({ gate, name, needs_baseline: needsBaseline, obstacle }) => [
    shortened(name === null ? gate : `${name}: ${gate}`),
    needsBaseline ? '--baseline' : '',
    obstacle === null ? 'can be judged' : paint('yellow', `cannot be judged: ${obstacle}`),
  ]);
  return [table(['gate, at the end', 'needs', ''], rows, false), ''];
}

/** A cell that is longer would break the table in a terminal. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= longestCell ? line : `${line.slice(0, longestCell - 1)}…`;
}

/** Which nodes each target means that does not name a single one, and why. */
function choicesIn(plan: Plan): readonly string[] {
  const choices = choicesOf(plan).map(({ phase, order: { action, nodes, why } }) => [
    phase,
    action,
    nodes.length === 0 ? 'skipped' : nodes.map(({ name }) => name).join(', '),
    why,
  ]);
  if (choices.length === 0) return [];
  return [table(['phase', 'action', 'means', 'because of'], choices, false), ''];
}

/** By what each node is disturbed, and why not by another means. */
function meansIn(plan: Plan): readonly string[] {
  const said = chosenMeans(plan);
  return said.length === 0 ? [] : [...said, ''];
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

function timeOf({ atMs, mayBeLater }: { readonly atMs: number; readonly mayBeLater: boolean }): string {
  return `${mayBeLater ? '~' : ''}${(atMs / 1000).toFixed(1)}s`;
}
