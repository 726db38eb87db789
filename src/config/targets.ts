import type { NodeSpec } from '../model/node.ts';
import { type Explained, suggestion, valueAt } from './explain.ts';

/** Targets that name no node, in what is a scenario but for other mistakes: it has no plan that would tell of them. */
export function unknownTargets(scenario: unknown, nodes: readonly NodeSpec[]): readonly Explained[] {
  const known = ['all_nodes', ...nodes.map(({ name }) => name)];
  return listAt(scenario, 'phases').flatMap((phase, index) =>
    listAt(phase, 'actions').flatMap((action, position) => {
      const target = valueAt(action, ['target']);
      if (typeof target !== 'string' || target === '' || known.includes(target)) return [];
      const path = ['phases', index, 'actions', position, 'target'];
      return [{ path, message: `there is no node \`${target}\`${suggestion(target, known)}` }];
    }),
  );
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, [key]);
  return Array.isArray(list) ? list : [];
}
