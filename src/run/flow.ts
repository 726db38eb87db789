import { type Action, isGroup, type SimpleAction } from '../model/action.ts';

/**
 * A group of actions as it is carried out: what waits for what. Each action in it is a lane: the steps of the plan that bear
 * its name. Times are in milliseconds, counted from when the part before it is over, or from the group's beginning.
 */
export type Flow =
  | {
      readonly type: 'lane';
      readonly name: string;
      readonly afterMs: number;
      /** Null where it lasts until something else ends it. */
      readonly durationMs: number | null;
    }
  | { readonly type: 'wait'; readonly durationMs: number }
  | {
      readonly type: 'sequence';
      readonly afterMs: number;
      /** From one beginning to the next; null: each as the one before it is over. */
      readonly everyMs: number | null;
      readonly parts: readonly Flow[];
    }
  | { readonly type: 'parallel'; readonly afterMs: number; readonly parts: readonly Flow[] };

/** An action of a group with the time at which it is carried out if all goes as planned. */
export interface PlacedAction {
  readonly atMs: number;
  readonly action: SimpleAction;
  readonly lane: string;
  readonly path: readonly (string | number)[];
}

/** The flow of a group, with its actions at the times that they have if nothing takes longer than it is said to. */
export function layOut(
  action: Action,
  startMs: number,
  path: readonly (string | number)[],
): { readonly flow: Flow; readonly actions: readonly PlacedAction[] } {
  const actions: PlacedAction[] = [];
  const { flow } = lay(action, startMs, path, (placed) => {
    const lane = `${path.join('.')}#${actions.length + 1}`;
    actions.push({ ...placed, lane });
    return lane;
  });
  return { flow, actions };
}

interface Laid {
  readonly flow: Flow;
  readonly endMs: number;
}
type Path = readonly (string | number)[];
type Place = (placed: Omit<PlacedAction, 'lane'>) => string;

function lay(action: Action, startMs: number, path: Path, place: Place): Laid {
  if (action.type === 'wait') {
    const durationMs = action.duration_sec * 1000;
    return { flow: { type: 'wait', durationMs }, endMs: startMs + durationMs };
  }
  const afterMs = action.at_sec * 1000;
  const beginMs = startMs + afterMs;
  if (!isGroup(action)) {
    const durationSec = 'duration_sec' in action ? action.duration_sec : undefined;
    const durationMs = durationSec === undefined ? null : durationSec * 1000;
    const name = place({ atMs: beginMs, action, path });
    return { flow: { type: 'lane', name, afterMs, durationMs }, endMs: beginMs + (durationMs ?? 0) };
  }
  const layPart = (part: Action, index: number, partMs: number) =>
    lay(part, partMs, [...path, 'actions', index], place);
  const together = (partMs: number, partAfterMs = 0): Laid => {
    const laid = action.actions.map((part, index) => layPart(part, index, partMs));
    const parts = laid.map(({ flow }) => flow);
    const endMs = Math.max(...laid.map((one) => one.endMs));
    return { flow: { type: 'parallel', afterMs: partAfterMs, parts }, endMs };
  };
  if (action.type === 'parallel') return together(beginMs, afterMs);
  const everyMs = action.type === 'repeat' && action.every_sec !== undefined ? action.every_sec * 1000 : null;
  const count = action.type === 'repeat' ? action.count : action.actions.length;
  const parts: Flow[] = [];
  let endMs = beginMs;
  for (let index = 0; index < count; index += 1) {
    const partMs = everyMs === null ? endMs : Math.max(endMs, beginMs + index * everyMs);
    const part = action.actions[index];
    const laid =
      action.type === 'repeat' || part === undefined ? together(partMs) : layPart(part, index, partMs);
    parts.push(laid.flow);
    endMs = laid.endMs;
  }
  return { flow: { type: 'sequence', afterMs, everyMs, parts }, endMs };
}
