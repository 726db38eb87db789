import { type Action, type Activity, isActivity, isGroup, isWait } from '../model/action.ts';
import type { SimpleAction } from '../model/simple-action.ts';
import { type Condition, conditionOf } from '../model/condition.ts';

/**
 * Actions as they are carried out where they wait for one another, or for a condition. Times are in milliseconds, counted
 * from when the part before it is over, or from the group's beginning.
 */
export type Flow = Lane | Waiting | ActivityFlow | GroupFlow;

interface Begins {
  readonly afterMs: number;
  /** Carried out only where this holds; null: always. */
  readonly condition: Condition | null;
  /** `file:line:column` of the action. */
  readonly place: string;
}
/** An action on load or nodes: the steps of the plan that bear its name. */
export interface Lane extends Begins {
  readonly type: 'lane';
  readonly name: string;
  /** Null where it lasts until something else ends it. */
  readonly durationMs: number | null;
  /** Whether it begins together with what stands beside it, in a parallel group. */
  readonly together: boolean;
}
export interface ActivityFlow extends Begins {
  readonly type: 'activity';
  readonly id: string;
  readonly activity: Activity;
}
export interface GroupFlow extends Begins {
  readonly type: 'sequence' | 'parallel';
  /** From one beginning to the next, of a sequence; null: each as the one before it is over. */
  readonly everyMs: number | null;
  readonly parts: readonly Flow[];
}
export type Waiting =
  | { readonly type: 'wait'; readonly durationMs: number }
  | {
      readonly type: 'wait_until';
      readonly condition: Condition;
      readonly limitMs: number;
      readonly onTimeout: 'fail' | 'go_on';
      readonly place: string;
    };

type Path = readonly (string | number)[];

/** An action of a flow with the time at which it is carried out if all goes as planned. */
export interface PlacedAction {
  readonly atMs: number;
  readonly action: SimpleAction | Activity;
  /** The lane's name, or the activity's id. */
  readonly name: string;
  readonly place: string;
}

/** Whether an action has to wait, or to be decided on, when its time has come. */
export function needsFlow(action: Action): boolean {
  return isGroup(action) || isActivity(action) || (!isWait(action) && action.if !== undefined);
}

/** The conditions in a flow, each with its place. */
export function conditionsIn(
  flow: Flow,
): readonly { readonly condition: Condition; readonly place: string }[] {
  if (flow.type === 'wait') return [];
  const own = flow.condition === null ? [] : [{ condition: flow.condition, place: flow.place }];
  return 'parts' in flow ? [...own, ...flow.parts.flatMap(conditionsIn)] : own;
}

/** Lays actions out in time as if nothing took longer than it is said to, and no condition kept any from happening. */
export class FlowLayout {
  readonly actions: PlacedAction[] = [];
  readonly #where: (path: Path) => string;
  readonly #nameOf: (action: SimpleAction | Activity) => string;

  /** @param nameOf A name for an action that no other has. */
  constructor(where: (path: Path) => string, nameOf: (action: SimpleAction | Activity) => string) {
    this.#where = where;
    this.#nameOf = nameOf;
  }

  lay(
    action: Action,
    startMs: number,
    path: Path,
    together = false,
  ): { readonly flow: Flow; readonly endMs: number } {
    const place = this.#where(path);
    if (action.type === 'wait') {
      const durationMs = action.duration_sec * 1000;
      return { flow: { type: 'wait', durationMs }, endMs: startMs + durationMs };
    }
    if (action.type === 'wait_until') {
      const { timeout_sec, on_timeout: onTimeout } = action;
      const condition = conditionOf(action.condition);
      const limitMs = timeout_sec * 1000;
      return { flow: { type: 'wait_until', condition, limitMs, onTimeout, place }, endMs: startMs };
    }
    const afterMs = action.at_sec * 1000;
    const begins = { afterMs, place, condition: action.if === undefined ? null : conditionOf(action.if) };
    const beginMs = startMs + afterMs;
    if (isGroup(action)) {
      const { endMs, ...group } = this.#group(action, beginMs, path);
      return { flow: { ...begins, ...group }, endMs };
    }
    const name = this.#nameOf(action);
    this.actions.push({ atMs: beginMs, action, name, place });
    if (isActivity(action))
      return { flow: { ...begins, type: 'activity', id: name, activity: action }, endMs: beginMs };
    const durationSec = 'duration_sec' in action ? action.duration_sec : undefined;
    const durationMs = durationSec === undefined ? null : durationSec * 1000;
    return {
      flow: { ...begins, type: 'lane', name, durationMs, together },
      endMs: beginMs + (durationMs ?? 0),
    };
  }

  #group(
    action: Extract<Action, { actions: unknown }>,
    beginMs: number,
    path: Path,
  ): Pick<GroupFlow, 'type' | 'everyMs' | 'parts'> & { readonly endMs: number } {
    if (action.type === 'parallel') return this.#together(action.actions, beginMs, path);
    const everyMs =
      action.type === 'repeat' && action.every_sec !== undefined ? action.every_sec * 1000 : null;
    const parts: Flow[] = [];
    let endMs = beginMs;
    const count = action.type === 'repeat' ? action.count : action.actions.length;
    for (let index = 0; index < count; index += 1) {
      const partMs = everyMs === null ? endMs : Math.max(endMs, beginMs + index * everyMs);
      const laid = this.#turn(action, index, partMs, path);
      parts.push(laid.flow);
      endMs = laid.endMs;
    }
    return { type: 'sequence', everyMs, parts, endMs };
  }

  /** One part of a sequence, or one time of a repetition. */
  #turn(
    action: Extract<Action, { type: 'repeat' | 'sequence' | 'parallel' }>,
    index: number,
    startMs: number,
    path: Path,
  ): { readonly flow: Flow; readonly endMs: number } {
    const part = action.actions[index];
    if (action.type !== 'repeat' && part !== undefined)
      return this.lay(part, startMs, [...path, 'actions', index]);
    const { endMs, ...group } = this.#together(action.actions, startMs, path);
    return { flow: { afterMs: 0, condition: null, place: this.#where(path), ...group }, endMs };
  }

  #together(
    actions: readonly Action[],
    startMs: number,
    path: Path,
  ): { readonly type: 'parallel'; readonly everyMs: null; readonly parts: Flow[]; readonly endMs: number } {
    const laid = actions.map((part, index) => this.lay(part, startMs, [...path, 'actions', index], true));
    const endMs = Math.max(...laid.map((one) => one.endMs));
    return { type: 'parallel', everyMs: null, parts: laid.map(({ flow }) => flow), endMs };
  }
}
