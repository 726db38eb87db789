import { suggestion } from '../config/explain.ts';
import type { NodeKind, NodeSpec } from '../model/node.ts';

/**
 * Why a load cannot have a workload, as a clause; null where it can.
 * @param name Null: the workload that needs none.
 * @param workloads The kind of node that each named one is for.
 * @param nodes All of one kind.
 */
export function workloadMistake(
  name: string | null,
  workloads: ReadonlyMap<string, NodeKind> = new Map(),
  [node]: readonly NodeSpec[],
): string | null {
  if (name === null) return null;
  const kind = workloads.get(name);
  if (kind === undefined)
    return workloads.size === 0
      ? `there is no workload \`${name}\`: the config has no \`workloads\``
      : `there is no workload \`${name}\`${suggestion(name, [...workloads.keys()])}`;
  if (node === undefined || node.kind === kind) return null;
  return `the workload \`${name}\` is for ${kind} nodes, and ${node.name} is a ${node.kind} node`;
}

/** Why a load cannot go to these nodes together, as a clause; null where it can: no request suits two kinds. */
export function kindsMistake(nodes: readonly NodeSpec[]): string | null {
  const [first] = nodes;
  const stranger = nodes.find(({ kind }) => kind !== first?.kind);
  if (first === undefined || stranger === undefined) return null;
  const message = `${first.name} (${first.kind}) and ${stranger.name} (${stranger.kind}) are of two kinds`;
  return `${message}: load each by an action of its own, under a \`name\` of its own`;
}
