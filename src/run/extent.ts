import { type Action, isGroup } from '../model/action.ts';
import { OrchError } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';

/** A plan has each action as often as it is carried out, and repetitions of repetitions would fill the memory. */
const maxActions = 10_000;

type Path = readonly (string | number)[];

/**
 * Refuses a scenario that comes to more actions than can be planned, before any of them is.
 * @param where `file:line:column` of a part of the scenario.
 * @throws OrchError `plan-invalid`, naming the action or the repetition with which it is too much
 */
export function checkExtent({ name, phases }: Scenario, where: (path: Path) => string): void {
  let left = maxActions;
  for (const [index, { actions }] of phases.entries()) {
    const culprit = firstBeyond(actions, left, ['phases', index, 'actions']);
    if (culprit === null) {
      left -= total(actions);
      continue;
    }
    const most = maxActions.toLocaleString('en-GB');
    throw new OrchError('plan-invalid', `scenario ${name} cannot be carried out: 1 mistake`, {
      details: [`${where(culprit)}: with this, the scenario comes to more than ${most} actions`],
      hint: 'Each action counts as often as it is repeated, and each group as one.',
    });
  }
}

/** What an action comes to, and a group with all that is in it. */
function extentOf(action: Action): number {
  if (!isGroup(action)) return 1;
  return 1 + total(action.actions) * (action.type === 'repeat' ? action.count : 1);
}

function total(actions: readonly Action[]): number {
  return actions.reduce((sum, action) => sum + extentOf(action), 0);
}

/** Where a list goes beyond what is left: a repetition, or a single action; null where it does not. */
function firstBeyond(actions: readonly Action[], most: number, path: Path): Path | null {
  let left = most;
  for (const [index, action] of actions.entries()) {
    const extent = extentOf(action);
    const at = [...path, index];
    if (extent > left)
      return isGroup(action) && action.type !== 'repeat'
        ? (firstBeyond(action.actions, left - 1, [...at, 'actions']) ?? at)
        : at;
    left -= extent;
  }
  return null;
}
