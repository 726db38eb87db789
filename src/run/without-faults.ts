import { isLoadType } from '../model/simple-action.ts';
import type { Order, Plan } from './plan.ts';
import { askText } from './timeline.ts';

/**
 * The plan without its faults, and with all else: the same phases, loads, nodes and draws, and each duration of a fault in a
 * group still takes its time. What stands between load and nodes for the faults' sake is not the plan's to take away.
 */
export function withoutFaults(plan: Plan): Plan {
  return { ...plan, steps: plan.steps.filter(({ order }) => !isOfFault(order)) };
}

/** Why a plan without its faults is no baseline for the same one with them, as clauses; none where it is. */
export function baselineObstacles({ steps, disturbs, endsWhenDone }: Plan): readonly string[] {
  const asked = steps.flatMap(({ order }) => (order.type === 'ask' ? [askText(order.activity)] : []));
  return [
    ...(disturbs ? [] : ['it injects no fault']),
    ...(endsWhenDone ? ['its last phase ends when all is done, which it is sooner without faults'] : []),
    ...[...new Set(asked)].map((what) => `whether it is part of the fault cannot be seen: ${what}`),
  ];
}

function isOfFault(order: Order): boolean {
  if (order.type === 'choose') return !isLoadType(order.action);
  return order.type === 'inject' || order.type === 'undo';
}
