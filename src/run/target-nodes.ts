import { suggestion } from '../config/explain.ts';
import type { Mode, NodeSpec } from '../model/node.ts';

/** The nodes that a target names, or what is wrong with it, as a clause. */
export function targetNodes(
  target: string,
  nodes: readonly NodeSpec[],
  mode: Mode,
): readonly NodeSpec[] | string {
  const isAll = target === 'all_nodes';
  const found = nodes.filter((node) => (isAll ? node.kind === mode : node.name === target));
  if (found.length > 0) return found;
  if (isAll) return `the config has no ${mode}_nodes`;
  const known = ['all_nodes', ...nodes.map(({ name }) => name)];
  return `there is no node \`${target}\`${suggestion(target, known)}`;
}
