import { type Action, type Group, isActivity, isGroup, isWait, type Wait } from '../model/action.ts';
import { conditionOf } from '../model/condition.ts';
import { isRolling, type RollingAction, type SimpleAction } from '../model/simple-action.ts';
import type { ChooseOrder } from './chooser.ts';
import type { Flow, GroupFlow, Lane, Waiting } from './flow.ts';
import type { FlowLine, GroupKind, LanePlace } from './plan.ts';

/** How long the next node of a rolling action waits for the last, whose fault is undone by then. */
const healthyLimitMs = 30_000;

type Path = readonly (string | number)[];

/** A part of a flow with the time at which it is carried out if all goes as planned. */
export interface Placed {
  readonly atMs: number;
  readonly what:
    | { readonly type: 'act'; readonly action: SimpleAction }
    | FlowLine
    /** The nodes of a rolling action, or why there are none. */
    | { readonly type: 'choose'; readonly chosen: ChooseOrder | string };
  readonly lane: LanePlace;
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
type LaneBegins = Omit<Lane, 'type' | 'name' | 'durationMs'> & { readonly depth: number };

/** Lays actions out in time as if nothing took longer than it is said to, and no condition kept any from happening. */
export class FlowLayout {
  readonly placed: Placed[] = [];
  readonly #options: LayoutOptions;

  constructor(options: LayoutOptions) {
    this.#options = options;
  }

  lay(action: Action, startMs: number, path: Path, depth = 0, together = false): Laid {
    const place = this.#options.where(path);
    if (isWait(action)) {
      const waiting = waitingOf(action, place);
      this.#tell({ type: 'wait', waiting }, startMs, { place, depth, condition: null });
      return { flow: waiting, endMs: startMs + (waiting.type === 'wait' ? waiting.durationMs : 0) };
    }
    const afterMs = action.at_sec * 1000;
    const begins = { afterMs, place, condition: action.if === undefined ? null : conditionOf(action.if) };
    const beginMs = startMs + afterMs;
    if (isGroup(action)) {
      this.#tell({ type: 'group', group: kindOf(action) }, beginMs, { ...begins, depth });
      const { endMs, ...group } = this.#group(action, beginMs, path, depth + 1);
      return { flow: { ...begins, ...group }, endMs };
    }
    if (isActivity(action)) {
      const id = this.#options.nameOf('ask');
      this.#tell({ type: 'ask', id, activity: action }, beginMs, { ...begins, depth }, id);
      return { flow: { ...begins, type: 'activity', id, activity: action }, endMs: beginMs };
    }
    const lane = { ...begins, depth, together };
    return isRolling(action) ? this.#rolling(action, beginMs, lane) : this.#lane(action, beginMs, lane);
  }

  #tell(
    what: Placed['what'],
    atMs: number,
    { place, ...at }: Pick<LaneBegins, 'place' | 'depth' | 'condition'>,
    name = '',
  ): void {
    this.placed.push({ atMs, what, place, lane: { name, depth: at.depth, condition: at.condition } });
  }

  #lane(action: SimpleAction, beginMs: number, { depth, ...begins }: LaneBegins): Laid {
    const name = this.#options.nameOf('act');
    this.#tell({ type: 'act', action }, beginMs, { ...begins, depth }, name);
    const durationSec = 'duration_sec' in action ? action.duration_sec : undefined;
    const durationMs = durationSec === undefined ? null : durationSec * 1000;
    return { flow: { ...begins, type: 'lane', name, durationMs }, endMs: beginMs + (durationMs ?? 0) };
  }

  /** Tells which nodes it means; then a turn for each of them, the next only when the last is healthy again. */
  #rolling(action: RollingAction, beginMs: number, begins: LaneBegins): Laid {
    this.#tell({ type: 'group', group: { kind: 'rolling', action: action.type } }, beginMs, begins);
    const chosen = this.#options.choose(action);
    const name = this.#options.nameOf('choose');
    const { depth, together, ...sequence } = begins;
    const atOnce = { ...sequence, together, afterMs: 0, condition: null };
    const within = { ...atOnce, depth: depth + 1 };
    this.#tell({ type: 'choose', chosen }, beginMs, within, name);
    const parts: Flow[] = [{ ...atOnce, type: 'lane', name, durationMs: null }];
    let endMs = beginMs;
    for (const { name: node } of typeof chosen === 'string' ? [] : chosen.nodes) {
      const turn = this.#lane({ ...action, target: node }, endMs, within);
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
    return { flow: { ...sequence, type: 'sequence', everyMs: null, parts }, endMs };
  }

  #group(
    action: Group,
    beginMs: number,
    path: Path,
    depth: number,
  ): Pick<GroupFlow, 'type' | 'everyMs' | 'parts'> & { readonly endMs: number } {
    if (action.type === 'parallel') return this.#together(action.actions, beginMs, path, depth);
    const everyMs = everyMsOf(action);
    const parts: Flow[] = [];
    let endMs = beginMs;
    const count = action.type === 'repeat' ? action.count : action.actions.length;
    for (let index = 0; index < count; index += 1) {
      const partMs = everyMs === null ? endMs : Math.max(endMs, beginMs + index * everyMs);
      const laid = this.#turn(action, index, partMs, path, depth);
      parts.push(laid.flow);
      endMs = laid.endMs;
    }
    return { type: 'sequence', everyMs, parts, endMs };
  }

  /** One part of a sequence, or one time of a repetition. */
  #turn(action: Group, index: number, startMs: number, path: Path, depth: number): Laid {
    const part = action.actions[index];
    if (action.type !== 'repeat' && part !== undefined)
      return this.lay(part, startMs, [...path, 'actions', index], depth);
    const { endMs, ...group } = this.#together(action.actions, startMs, path, depth);
    return { flow: { afterMs: 0, condition: null, place: this.#options.where(path), ...group }, endMs };
  }

  #together(
    actions: readonly Action[],
    startMs: number,
    path: Path,
    depth: number,
  ): { readonly type: 'parallel'; readonly everyMs: null; readonly parts: Flow[]; readonly endMs: number } {
    const laid = actions.map((part, index) =>
      this.lay(part, startMs, [...path, 'actions', index], depth, true),
    );
    const endMs = Math.max(...laid.map((one) => one.endMs));
    return { type: 'parallel', everyMs: null, parts: laid.map(({ flow }) => flow), endMs };
  }
}

function waitingOf(wait: Wait, place: string): Waiting {
  if (wait.type === 'wait') return { type: 'wait', durationMs: wait.duration_sec * 1000 };
  const { timeout_sec, on_timeout: onTimeout } = wait;
  const condition = conditionOf(wait.condition);
  return { type: 'wait_until', condition, limitMs: timeout_sec * 1000, onTimeout, place };
}

function kindOf(group: Group): GroupKind {
  if (group.type !== 'repeat') return { kind: group.type };
  return { kind: 'repeat', count: group.count, everyMs: everyMsOf(group) };
}

function everyMsOf(group: Group): number | null {
  return group.type === 'repeat' && group.every_sec !== undefined ? group.every_sec * 1000 : null;
}
