import type { Load } from '../load/load.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Plan } from './plan.ts';

/** The plan with the addresses that its nodes really have: a driver may have found them elsewhere than the config says. */
export function withAddresses(plan: Plan, opened: readonly NodeSpec[]): Plan {
  const placed = new Map(opened.map((node) => [node.name, node]));
  const place = (node: NodeSpec) => placed.get(node.name) ?? node;
  return { ...loadedAt(plan, place), nodes: plan.nodes.map(place) };
}

function loadAt(load: Load, place: (node: NodeSpec) => NodeSpec): Load {
  return { ...load, nodes: load.nodes.map(place) };
}

/** The plan with its load, and what it writes, sent elsewhere: to a proxy in front of a node, for one. */
export function loadedAt(plan: Plan, place: (node: NodeSpec) => NodeSpec): Plan {
  const steps = plan.steps.map((step) =>
    step.order.type === 'set_load'
      ? { ...step, order: { ...step.order, load: loadAt(step.order.load, place) } }
      : step,
  );
  const writes = plan.writes.map(({ nodes, readFrom, ...check }) => ({
    ...check,
    nodes: nodes.map(place),
    readFrom: readFrom.map(place),
  }));
  return { ...plan, steps, writes };
}
