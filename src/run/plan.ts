import type { Load } from '../load/load.ts';
import type { Activity } from '../model/action.ts';
import type { BlastRadius } from '../model/blast-radius.ts';
import type { Check } from '../model/check.ts';
import type { Condition } from '../model/condition.ts';
import type { FaultSpec } from '../model/fault-spec.ts';
import type { NodeSpec } from '../model/node.ts';
import type { PlannedPhase } from '../model/phase.ts';
import type { StopCondition } from '../model/stop-condition.ts';
import type { ChooseOrder } from './chooser.ts';
import type { PlannedWrites } from '../writes/planned-writes.ts';
import type { Flow, Waiting } from './flow.ts';

/** One timed step of a plan. What a scenario says is flattened into these before anything is touched. */
export type Order =
  | { readonly type: 'start_phase'; readonly phase: string; readonly durationMs: number }
  | { readonly type: 'end_phase'; readonly phase: string }
  | { readonly type: 'set_load'; readonly load: Load }
  | { readonly type: 'stop_load'; readonly load: string }
  | { readonly type: 'start_flow'; readonly flow: Flow }
  | ChooseOrder
  | FlowLine
  | FaultOrder;

/** A line for people: its flow carries it out. */
export type FlowLine =
  | { readonly type: 'ask'; readonly id: string; readonly activity: Activity }
  | { readonly type: 'wait'; readonly waiting: Waiting }
  | { readonly type: 'group'; readonly group: GroupKind };

/** How the parts of a group go together. */
export type GroupKind =
  | { readonly kind: 'sequence' | 'parallel' }
  | { readonly kind: 'repeat'; readonly count: number; readonly everyMs: number | null }
  | { readonly kind: 'rolling'; readonly action: string };

export interface InjectOrder {
  readonly type: 'inject';
  readonly id: string;
  readonly spec: FaultSpec;
  readonly node: string;
  /** By what the node is to be disturbed; null where a power of the driver does it, or before it was chosen. */
  readonly means: string | null;
  /** Why means that come before that one were passed over: `netem: the engine’s kernel cannot do it`. */
  readonly passedOver: readonly string[];
  /** When it is to be undone, in milliseconds since the run's start: by an action, or by the run's end. */
  readonly undoByMs: number;
}

export type FaultOrder = InjectOrder | { readonly type: 'undo'; readonly id: string };

export interface Step {
  /** Milliseconds since the run's start. */
  readonly atMs: number;
  readonly phase: string;
  readonly order: Order;
  /**
   * Set where the step belongs to an action of a group: it is carried out when its turn has come, at this time if nothing
   * takes longer than it is said to. `end` is what the action's duration ends.
   */
  readonly lane?: StepLane;
}

export interface StepLane extends LanePlace {
  readonly part: 'begin' | 'end';
}

/** Where an action stands that waits, or is decided on. */
export interface LanePlace {
  /** Of its lane, or the activity's id; empty where there is nothing to be carried out. */
  readonly name: string;
  /** In how many groups it is. */
  readonly depth: number;
  /** Its own; null where it has none. */
  readonly condition: Condition | null;
}

export interface Plan {
  readonly phases: readonly PlannedPhase[];
  readonly steps: readonly Step[];
  readonly endMs: number;
  /** Whether the last phase ends as soon as all that was begun is over, at `endMs` at the latest. */
  readonly endsWhenDone: boolean;
  /** The nodes that the run loads or disturbs. */
  readonly nodes: readonly NodeSpec[];
  /** True where a fault is injected, so that a driver is needed. */
  readonly disturbs: boolean;
  readonly blastRadius: BlastRadius;
  readonly stopWhen: readonly StopCondition[];
  readonly steadyState: readonly Check[];
  readonly writes: readonly PlannedWrites[];
  readonly rollbacks: readonly Activity[];
  /** What is allowed but probably not meant. */
  readonly warnings: readonly string[];
}

/** The steps with the time at which each fault is to be undone: by a later step, or by the run's end. */
export function withUndoTimes(steps: readonly Step[], endMs: number): readonly Step[] {
  const undoneMs = new Map(
    steps.flatMap(({ order, atMs }) => (order.type === 'undo' ? [[order.id, atMs] as const] : [])),
  );
  return steps.map((step) => {
    const { order } = step;
    if (order.type !== 'inject') return step;
    // In a group, when it is undone depends on how long everything takes; by the run's end it is.
    if (step.lane !== undefined) return { ...step, order: { ...order, undoByMs: endMs } };
    return { ...step, order: { ...order, undoByMs: undoneMs.get(order.id) ?? endMs } };
  });
}

/** The steps that say which nodes a target means. */
export function choicesOf({ steps }: Plan): readonly (Step & { readonly order: ChooseOrder })[] {
  return steps.flatMap(({ order, ...when }) => (order.type === 'choose' ? [{ ...when, order }] : []));
}

/** What a phase is called in rows, events and tables: the second of a name gets a number, `steady (2)`. */
export function labelOf(name: string, before: readonly PlannedPhase[]): string {
  let label = name;
  for (let nth = 2; before.some((phase) => phase.name === label); nth += 1) label = `${name} (${nth})`;
  return label;
}

/** The nodes that any load goes to. */
export function loadedNodes({ steps }: Plan): readonly NodeSpec[] {
  return [...new Set(steps.flatMap(({ order }) => (order.type === 'set_load' ? order.load.nodes : [])))];
}
