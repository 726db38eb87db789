import { faults } from '../fault/box.ts';
import { type Activity, lookOfActivity } from '../model/action.ts';
import type { FaultSpec } from '../model/fault-spec.ts';
import type { NodeSpec } from '../model/node.ts';
import { loadText, named } from '../load/load.ts';
import { faultText } from './fault-text.ts';
import type { Waiting } from './flow.ts';
import { conditionText, lookText } from './look-text.ts';
import type { GroupKind, InjectOrder, Order, Plan, Step } from './plan.ts';

/** One line of what a plan will do, for people. */
export interface TimelineEntry {
  readonly atMs: number;
  /** True where it is one of a group, or depends on a condition: it may be later, or not be at all. */
  readonly mayBeLater: boolean;
  readonly phase: string;
  /** In how many groups it is. */
  readonly depth: number;
  /** `load 50 rps`, `latency 100 ms ± 50 ms`, `drain: POST http://127.0.0.1:8001/drain`, `repeat 3 times`. */
  readonly does: string;
  /** What must hold for it to be done, in words; null where that is nothing. */
  readonly condition: string | null;
  /** The fault that it injects. */
  readonly fault: FaultSpec | null;
  /** By what a node is disturbed; null where a power of the driver does it, or nothing is disturbed. */
  readonly means: string | null;
  /** The names of the nodes that it touches. */
  readonly touches: readonly string[];
  /** How and when it is undone; null for what needs no undoing. */
  readonly undo: Undoing | null;
}

export interface Undoing {
  readonly how: string;
  readonly atMs: number;
  readonly mayBeLater: boolean;
  /** By the run's end, and by nothing before it. */
  readonly byEnd: boolean;
}

type Line = Pick<TimelineEntry, 'does' | 'touches'> & Partial<TimelineEntry>;

/** What a plan will do, in the order of time; phases without an action have a line too. */
export function timelineOf(plan: Plan): readonly TimelineEntry[] {
  const { steps } = plan;
  const injected = new Map(
    steps.flatMap(({ order }) => (order.type === 'inject' ? [[order.id, order] as const] : [])),
  );
  const undoing = new Map(
    steps.flatMap((step) => (step.order.type === 'undo' ? [[step.order.id, step] as const] : [])),
  );
  const busy = new Set(steps.flatMap(({ phase, order }) => (isBoundary(order) ? [] : [phase])));
  return steps.flatMap((step): readonly TimelineEntry[] => {
    const { atMs, phase, order, lane } = step;
    const line = order.type === 'start_phase' ? idle(busy.has(phase)) : lineOf(order, injected, undoing);
    if (line === null) return [];
    const condition = lane?.part === 'begin' ? lane.condition : null;
    return [
      {
        atMs,
        mayBeLater: isUnsure(step),
        phase,
        depth: lane?.depth ?? 0,
        condition: condition === null ? null : conditionText(condition),
        fault: null,
        means: null,
        undo: null,
        ...line,
      },
    ];
  });
}

/** What one order does; null where that needs no line. */
function lineOf(
  order: Exclude<Order, { type: 'start_phase' }>,
  injected: ReadonlyMap<string, InjectOrder>,
  undoing: ReadonlyMap<string, Step>,
): Line | null {
  switch (order.type) {
    case 'end_phase':
    case 'start_flow':
      return null;
    case 'choose':
      return order.nodes.length > 0 ? null : { does: `skip ${order.action}`, touches: [] };
    case 'set_load':
      return { does: loadText(order.load), touches: namesOf(order.load.nodes) };
    case 'stop_load':
      return { does: `${named(order.load)} off`, touches: [] };
    case 'ask':
      return { does: askText(order.activity), touches: [] };
    case 'wait':
      return { does: waitText(order.waiting), touches: [] };
    case 'group':
      return { does: groupText(order.group), touches: [] };
    case 'inject': {
      const { spec, means, node, id } = order;
      const undo = undoingOf(order, undoing.get(id));
      return { does: faultText(spec), fault: spec, means, touches: [node], undo };
    }
    case 'undo': {
      const undone = injected.get(order.id);
      return undone === undefined ? null : { does: `undo ${undone.spec.kind}`, touches: [undone.node] };
    }
  }
}

function idle(isBusy: boolean): Line | null {
  return isBusy ? null : { does: 'goes on', touches: [] };
}

function undoingOf({ spec, undoByMs }: InjectOrder, step: Step | undefined): Undoing {
  const how = faults[spec.kind].undoneBy;
  if (step === undefined) return { how, atMs: undoByMs, mayBeLater: false, byEnd: true };
  return { how, atMs: step.atMs, mayBeLater: isUnsure(step), byEnd: false };
}

/** Whether its time depends on how long something else takes, or whether it is done at all on how things are then. */
function isUnsure({ lane }: Step): boolean {
  return lane !== undefined && (lane.depth > 0 || lane.condition !== null);
}

/** Its name and what it asks: `drain: POST http://127.0.0.1:8001/drain`. */
export function askText(activity: Activity): string {
  const asks = lookText(lookOfActivity(activity));
  return activity.name === undefined ? asks : `${activity.name}: ${asks}`;
}

function waitText(waiting: Waiting): string {
  if (waiting.type === 'wait') return `wait ${waiting.durationMs / 1000} s`;
  const { condition, limitMs, onTimeout } = waiting;
  const then = onTimeout === 'go_on' ? ', then go on' : '';
  return `wait until ${conditionText(condition)}, ${limitMs / 1000} s at most${then}`;
}

function groupText(group: GroupKind): string {
  if (group.kind === 'rolling') return `${group.action}, one node at a time`;
  if (group.kind !== 'repeat') return group.kind;
  const every = group.everyMs === null ? '' : `, every ${group.everyMs / 1000} s`;
  return `repeat ${group.count} times${every}`;
}

function isBoundary({ type }: Order): boolean {
  return type === 'start_phase' || type === 'end_phase';
}

function namesOf(nodes: readonly NodeSpec[]): readonly string[] {
  return nodes.map(({ name }) => name);
}
