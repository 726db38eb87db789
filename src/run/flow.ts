import { type Action, type Activity, isActivity, isGroup, isWait } from '../model/action.ts';
import type { Condition } from '../model/condition.ts';
import { isRolling } from '../model/simple-action.ts';

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

/** Whether an action has to wait, or to be decided on, when its time has come. */
export function needsFlow(action: Action): boolean {
  if (isGroup(action) || isActivity(action)) return true;
  return !isWait(action) && (action.if !== undefined || isRolling(action));
}

/** The conditions in a flow, each with its place. */
export function conditionsIn(
  flow: Flow,
): readonly { readonly condition: Condition; readonly place: string }[] {
  if (flow.type === 'wait') return [];
  const own = flow.condition === null ? [] : [{ condition: flow.condition, place: flow.place }];
  return 'parts' in flow ? [...own, ...flow.parts.flatMap(conditionsIn)] : own;
}

/**
 * What is said of a part of a group that never had its turn.
 * @param place Its `file:line:column`.
 */
export function leftOutText(place: string): string {
  return `${place} was left out: what goes before it in its group took until the run’s end`;
}
