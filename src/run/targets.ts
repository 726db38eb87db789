import { flattened } from '../model/action.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Scenario } from '../model/scenario.ts';
import { allNodes, type Criteria, criteriaOf, globMatches } from '../model/selector.ts';

/** All targets of a scenario, in the order of its actions. */
export function targetsOf({ phases }: Scenario): readonly Criteria[] {
  return phases
    .flatMap(({ actions }) => flattened(actions))
    .flatMap(({ action }) =>
      'target' in action && action.target !== undefined ? [criteriaOf(action.target)] : [],
    );
}

/** The nodes that a target names, whatever the run's mode: `all_nodes` names none. */
export function namedBy({ service, kind, role }: Criteria, nodes: readonly NodeSpec[]): readonly NodeSpec[] {
  const only = role === undefined ? kind : 'redis';
  return nodes.filter(
    (node) =>
      (only === undefined || node.kind === only) &&
      service.some((pattern) => pattern !== allNodes && globMatches(pattern, node.name)),
  );
}

/** The keys of the labels that targets ask for. */
export function labelsToAsk(targets: readonly Criteria[]): readonly string[] {
  return [...new Set(targets.flatMap(({ label }) => Object.keys(label)))];
}
