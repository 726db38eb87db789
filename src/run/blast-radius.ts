import type { BlastRadius } from '../model/blast-radius.ts';
import type { NodeSpec } from '../model/node.ts';

/**
 * Why a node may not be disturbed beside those that are down already, as a clause; null where it may.
 * `nodes` are all that the run loads or disturbs.
 */
export function beyond(
  limits: BlastRadius,
  node: NodeSpec,
  nodes: readonly NodeSpec[],
  down: ReadonlySet<string>,
): string | null {
  const { max_down: maxDown, min_healthy: minHealthy } = limits;
  const others = [...down].filter((name) => name !== node.name);
  const beside =
    others.length === 0 ? '' : ` (${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} down)`;
  if (maxDown !== undefined && others.length + 1 > maxDown)
    return `${others.length + 1} nodes would be down at once${beside}; blast_radius.max_down is ${maxDown}`;
  const healthy = nodes.filter(
    ({ name, kind }) => kind === node.kind && name !== node.name && !down.has(name),
  ).length;
  if (minHealthy !== undefined && healthy < minHealthy) {
    const left = `${healthy} ${node.kind} ${healthy === 1 ? 'node' : 'nodes'} would be left`;
    return `${left}${beside}; blast_radius.min_healthy is ${minHealthy}`;
  }
  return null;
}
