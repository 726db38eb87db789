import { type Load, loadText, plainName } from '../load/load.ts';
import { peakRate } from '../model/demand.ts';
import type { LoadChanged, Unstamped } from '../model/event.ts';

/** What the journal says of a load that was set, or stopped (its name), beside those that run by then. */
export function loadChanged(
  phase: string,
  loads: readonly Load[],
  changed: Load | string,
): Unstamped<LoadChanged> {
  const name = typeof changed === 'string' ? changed : changed.name;
  const users = sum(loads, ({ demand }) => (demand.model === 'closed' ? demand.vus : 0));
  return {
    type: 'load_changed',
    phase,
    rps: sum(loads, ({ demand }) => peakRate(demand) ?? 0),
    ...(users === 0 ? {} : { vus: users }),
    nodes: [...new Set(loads.flatMap(({ nodes }) => nodes.map((node) => node.name)))],
    ...(name === plainName ? {} : { load: name }),
    ...(typeof changed === 'string' ? {} : { demand: loadText(changed) }),
  };
}

function sum(loads: readonly Load[], of: (load: Load) => number): number {
  return loads.reduce((total, load) => total + of(load), 0);
}
