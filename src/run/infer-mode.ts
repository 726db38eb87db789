import { flattened } from '../model/action.ts';
import type { Mode, NodeSpec } from '../model/node.ts';
import type { Scenario } from '../model/scenario.ts';

/** What a run loads where neither flag nor scenario says: Redis if every node named is a Redis node, else HTTP. */
export function inferMode(scenario: Scenario, nodes: readonly NodeSpec[]): Mode {
  const named = scenario.phases
    .flatMap((phase) => flattened(phase.actions))
    .flatMap(({ action }) =>
      'target' in action ? (nodes.find(({ name }) => name === action.target) ?? []) : [],
    );
  return named.length > 0 && named.every(({ kind }) => kind === 'redis') ? 'redis' : 'http';
}
