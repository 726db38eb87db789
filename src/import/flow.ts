import type { YamlPath } from '../config/yaml.ts';
import type { Context, Part } from './context.ts';
import { type Activity, type Declared, declaredIn } from './experiment.ts';
import { action } from './look.ts';

/** What is carried out, and how long it takes at most, in seconds. */
export interface Flow {
  readonly actions: readonly Part[];
  readonly durationSec: number;
}

/**
 * A method: one activity after the other; one in the background goes on beside all that follow it, and at the end all are
 * waited for.
 */
export function method(context: Context): Flow {
  const steps = used(context, context.experiment.method, ['method']).map(
    ({ activity, path, isBackground }) => ({ ...step(context, activity, path), isBackground }),
  );
  const { actions, durationSec } = inOrder(steps);
  return { actions: group(actions), durationSec };
}

/** Rollbacks are carried out one after the other, without pauses. */
export function rollbacks(context: Context): readonly Part[] {
  const { experiment, ledger } = context;
  return used(context, experiment.rollbacks, ['rollbacks']).flatMap(({ activity, path, isBackground }) => {
    const { pauses } = activity;
    if ((pauses?.before ?? 0) !== 0 || (pauses?.after ?? 0) !== 0)
      ledger.refuse([...path, 'pauses'], 'there are no pauses between rollbacks');
    const made = action(context, activity, path);
    if (made === null) return [];
    if (isBackground)
      ledger.remark([...path, 'background'], made.part, 'not in the background: what follows waits for it');
    return [made.part];
  });
}

interface Used {
  readonly activity: Declared;
  readonly path: YamlPath;
  readonly isBackground: boolean;
}

/** Activities as they are used in a list: where one is referred to, the one that is meant. */
function used({ experiment }: Context, activities: readonly Activity[], path: YamlPath): readonly Used[] {
  const declared = declaredIn(experiment);
  return activities.flatMap((activity, index): readonly Used[] => {
    if (activity.type !== 'ref')
      return [{ activity, path: [...path, index], isBackground: activity.background === true }];
    const placed = declared.get(activity.ref);
    if (placed === undefined) return [];
    // Its tolerance belongs to the hypothesis; that it is in the background would be said where it is used.
    const { tolerance: _, ...observed } = placed.activity;
    return [{ activity: observed, path: placed.path, isBackground: false }];
  });
}

function step(context: Context, activity: Declared, path: YamlPath): Flow {
  const made = action(context, activity, path);
  const { before = 0, after = 0 } = activity.pauses ?? {};
  const at = [...path, 'pauses'];
  return inOrder([
    pause(context, before, [...at, 'before']),
    { actions: made === null ? [] : [made.part], durationSec: made?.limitSec ?? 0 },
    pause(context, after, [...at, 'after']),
  ]);
}

function pause({ ledger, experiment, variables }: Context, seconds: number | string, path: YamlPath): Flow {
  if (seconds === 0) return { actions: [], durationSec: 0 };
  const wait = { type: 'wait', duration_sec: seconds };
  if (typeof seconds === 'number') return { actions: [wait], durationSec: seconds };
  const name = seconds.slice(2, -1);
  if (!variables.has(name)) {
    ledger.refuse(path, `\`${name}\` is declared nowhere`);
    return { actions: [], durationSec: 0 };
  }
  const setting = experiment.configuration?.[name];
  if (typeof setting === 'number') return { actions: [wait], durationSec: setting };
  const message = 'how long it is is not known beforehand: add it to the `duration_sec` of the phase';
  ledger.remark(path, wait, message);
  return { actions: [wait], durationSec: 0 };
}

function inOrder(steps: readonly (Flow & { readonly isBackground?: boolean })[]): Flow {
  const begin = steps.findIndex(({ isBackground }) => isBackground);
  const before = begin === -1 ? steps : steps.slice(0, begin);
  const flows: Flow[] = [...before];
  if (begin !== -1) {
    const length = steps.slice(begin).findIndex(({ isBackground }) => !isBackground);
    const end = length === -1 ? steps.length : begin + length;
    flows.push(together([...steps.slice(begin, end), inOrder(steps.slice(end))]));
  }
  return {
    actions: flows.flatMap(({ actions }) => actions),
    durationSec: flows.reduce((sum, { durationSec }) => sum + durationSec, 0),
  };
}

function together(flows: readonly Flow[]): Flow {
  const branches = flows.filter(({ actions }) => actions.length > 0);
  if (branches.length < 2) return branches[0] ?? { actions: [], durationSec: 0 };
  return {
    actions: [{ type: 'parallel', actions: branches.flatMap(({ actions }) => group(actions)) }],
    durationSec: Math.max(...branches.map(({ durationSec }) => durationSec)),
  };
}

/** Several actions as one. */
function group(actions: readonly Part[]): readonly Part[] {
  return actions.length > 1 ? [{ type: 'sequence', actions }] : actions;
}
