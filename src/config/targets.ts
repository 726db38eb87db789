import type { NodeSpec } from '../model/node.ts';
import { type Explained, suggestion, valueAt } from './explain.ts';
import type { YamlPath } from './yaml.ts';

/** Targets that name no node, in what is a scenario but for other mistakes: it has no plan that would tell of them. */
export function unknownTargets(scenario: unknown, nodes: readonly NodeSpec[]): readonly Explained[] {
  const known = ['all_nodes', ...nodes.map(({ name }) => name)];
  const inList = (list: readonly unknown[], path: YamlPath): readonly Explained[] =>
    list.flatMap((action, position) => {
      const at = [...path, position];
      const inner = inList(listAt(action, 'actions'), [...at, 'actions']);
      const target = valueAt(action, ['target']);
      if (typeof target !== 'string' || target === '' || known.includes(target)) return inner;
      const message = `there is no node \`${target}\`${suggestion(target, known)}`;
      return [{ path: [...at, 'target'], message }, ...inner];
    });
  return listAt(scenario, 'phases').flatMap((phase, index) =>
    inList(listAt(phase, 'actions'), ['phases', index, 'actions']),
  );
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, [key]);
  return Array.isArray(list) ? list : [];
}
