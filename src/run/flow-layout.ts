import { type Action, type Activity, isActivity, isGroup } from '../model/action.ts';
import { conditionOf } from '../model/condition.ts';
import { isRolling, type RollingAction, type SimpleAction } from '../model/simple-action.ts';
import type { ChooseOrder } from './chooser.ts';
import type { Flow, GroupFlow, Lane } from './flow.ts';

/** How long the next node of a rolling action waits for the last, whose fault is undone by then. */
const healthyLimitMs = 30_000;

type Path = readonly (string | number)[];

/** A part of a flow with the time at which it is carried out if all goes as planned. */
export interface Placed {
  readonly atMs: number;
  readonly what:
    | { readonly type: 'act'; readonly action: SimpleAction }
    | { readonly type: 'ask'; readonly id: string; readonly activity: Activity }
    /** The nodes of a rolling action, or why there are none. */
    | { readonly type: 'choose'; readonly chosen: ChooseOrder | string };
  /** The lane's name, or the activity's id. */
  readonly name: string;
  readonly place: string;
}

export interface LayoutOptions {
  readonly where: (path: Path) => string;
  /** A name that no other part has. */
  readonly nameOf: (what: Placed['what']['type']) => string;
  readonly choose: (action: RollingAction) => ChooseOrder | string;
}

interface Laid {
  readonly flow: Flow;
  readonly endMs: number;
}
type LaneBegins = Omit<Lane, 'type' | 'name' | 'durationMs'>;

/** Lays actions out in time as if nothing took longer than it is said to, and no condition kept any from happening. */
export class FlowLayout {
  readonly placed: Placed[] = [];
  readonly #options: LayoutOptions;

  constructor(options: LayoutOptions) {
    this.#options = options;
  }

  lay(action: Action, startMs: number, path: Path, together = false): Laid {
    const place = this.#options.where(path);
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
    if (isActivity(action)) {
      const id = this.#options.nameOf('ask');
      this.placed.push({ atMs: beginMs, what: { type: 'ask', id, activity: action }, name: id, place });
      return { flow: { ...begins, type: 'activity', id, activity: action }, endMs: beginMs };
    }
    const lane = { ...begins, together };
    return isRolling(action) ? this.#rolling(action, beginMs, lane) : this.#lane(action, beginMs, lane);
  }

  #lane(action: SimpleAction, beginMs: number, begins: LaneBegins): Laid {
    const name = this.#options.nameOf('act');
    this.placed.push({ atMs: beginMs, what: { type: 'act', action }, name, place: begins.place });
    const durationSec = 'duration_sec' in action ? action.duration_sec : undefined;
    const durationMs = durationSec === undefined ? null : durationSec * 1000;
    return { flow: { ...begins, type: 'lane', name, durationMs }, endMs: beginMs + (durationMs ?? 0) };
  }

  /** Tells which nodes it means; then a turn for each of them, the next only when the last is healthy again. */
  #rolling(action: RollingAction, beginMs: number, begins: LaneBegins): Laid {
    const chosen = this.#options.choose(action);
    const name = this.#options.nameOf('choose');
    this.placed.push({ atMs: beginMs, what: { type: 'choose', chosen }, name, place: begins.place });
    const atOnce = { ...begins, afterMs: 0, condition: null };
    const parts: Flow[] = [{ ...atOnce, type: 'lane', name, durationMs: null }];
    let endMs = beginMs;
    for (const { name: node } of typeof chosen === 'string' ? [] : chosen.nodes) {
      const turn = this.#lane({ ...action, target: node }, endMs, atOnce);
      const condition = { kind: 'node', node, is: 'healthy' } as const;
      parts.push(turn.flow, {
        type: 'wait_until',
        condition,
        limitMs: healthyLimitMs,
        onTimeout: 'fail',
        place: begins.place,
      });
      endMs = turn.endMs;
    }
    const { together: _, ...sequence } = begins;
    return { flow: { ...sequence, type: 'sequence', everyMs: null, parts }, endMs };
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
  ): Laid {
    const part = action.actions[index];
    if (action.type !== 'repeat' && part !== undefined)
      return this.lay(part, startMs, [...path, 'actions', index]);
    const { endMs, ...group } = this.#together(action.actions, startMs, path);
    return { flow: { afterMs: 0, condition: null, place: this.#options.where(path), ...group }, endMs };
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
