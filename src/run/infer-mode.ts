import type { Mode, NodeSpec } from '../model/node.ts';
import type { Scenario } from '../model/scenario.ts';
import { namedBy, targetsOf } from './targets.ts';

/** What a run loads where neither flag nor scenario says: Redis if every node named is a Redis node, else HTTP. */
export function inferMode(scenario: Scenario, nodes: readonly NodeSpec[]): Mode {
  const named = targetsOf(scenario).flatMap((criteria) => namedBy(criteria, nodes));
  return named.length > 0 && named.every(({ kind }) => kind === 'redis') ? 'redis' : 'http';
}
