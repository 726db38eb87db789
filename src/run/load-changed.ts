import type { LoadChange } from '../load/generator.ts';
import { type Load, loadText, plainName } from '../load/load.ts';
import { peakRate } from '../model/demand.ts';
import type { LoadChanged, Unstamped } from '../model/event.ts';
import type { Plan } from './plan.ts';

/** What the journal says of a load that was set, or stopped (its name), beside those that run by then. */
export function loadChanged(
  phase: string,
  loads: readonly Load[],
  changed: Load | string,
): Unstamped<LoadChanged> {
  const name = typeof changed === 'string' ? changed : changed.name;
  const nodes = namesOf(loads);
  const to = typeof changed === 'string' ? nodes : namesOf([changed]);
  const users = sum(loads, ({ demand }) => (demand.model === 'closed' ? demand.vus : 0));
  return {
    type: 'load_changed',
    phase,
    rps: sum(loads, ({ demand }) => peakRate(demand) ?? 0),
    ...(users === 0 ? {} : { vus: users }),
    nodes,
    ...(name === plainName ? {} : { load: name }),
    ...(typeof changed === 'string' ? {} : { demand: loadText(changed) }),
    ...(to.length === nodes.length ? {} : { to }),
  };
}

/** The changes of load that a plan has at a time, but for those of groups, whose times depend on what goes before. */
export function loadChangesAt({ steps }: Plan, atMs: number): readonly LoadChange[] {
  return steps.flatMap((step): readonly LoadChange[] => {
    if (step.atMs !== atMs || step.lane !== undefined) return [];
    const { order } = step;
    if (order.type === 'set_load') return [{ atMs, name: order.load.name, load: order.load }];
    return order.type === 'stop_load' ? [{ atMs, name: order.load, load: null }] : [];
  });
}

function namesOf(loads: readonly Load[]): readonly string[] {
  return [...new Set(loads.flatMap(({ nodes }) => nodes.map((node) => node.name)))];
}

function sum(loads: readonly Load[], of: (load: Load) => number): number {
  return loads.reduce((total, load) => total + of(load), 0);
}
