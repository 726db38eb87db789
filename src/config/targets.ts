import type { NodeSpec } from '../model/node.ts';
import { allNodes, isGlob } from '../model/selector.ts';
import { shownText } from '../model/shown-text.ts';
import { type Explained, suggestion, valueAt } from './explain.ts';
import type { YamlPath } from './yaml.ts';

/** Targets that name no node, in what is a scenario but for other mistakes: it has no plan that would tell of them. */
export function unknownTargets(scenario: unknown, nodes: readonly NodeSpec[]): readonly Explained[] {
  const known = [allNodes, ...nodes.map(({ name }) => name)];
  const inList = (list: readonly unknown[], path: YamlPath): readonly Explained[] =>
    list.flatMap((action, position) => {
      const at = [...path, position];
      const unknown = namesIn(valueAt(action, ['target']), [...at, 'target'])
        .filter(({ name }) => !known.includes(name))
        .map(({ name, path: of }) => ({
          path: of,
          message: noSuchNode(name, known),
        }));
      return [...unknown, ...inList(listAt(action, 'actions'), [...at, 'actions'])];
    });
  return listAt(scenario, 'phases').flatMap((phase, index) =>
    inList(listAt(phase, 'actions'), ['phases', index, 'actions']),
  );
}

/** That there is no node of that name, and what was meant, or which there are. */
export function noSuchNode(name: string, known: readonly string[]): string {
  const further =
    name === 'all'
      ? `; those of the run’s mode are \`${allNodes}\`, all that there are \`{ all: true }\``
      : suggestion(name, known);
  return `there is no node \`${shownText(name)}\`${further}`;
}

interface NamedAt {
  readonly name: string;
  readonly path: YamlPath;
}

/** The names of a target, globs left out, and those that may be missing. */
function namesIn(target: unknown, path: YamlPath): readonly NamedAt[] {
  if (typeof target === 'string') return target === '' || isGlob(target) ? [] : [{ name: target, path }];
  if (Array.isArray(target)) return target.flatMap((one, index) => namesIn(one, [...path, index]));
  const mayBeMissing = valueAt(target, ['on_no_match']) === 'skip';
  return (mayBeMissing ? ['except'] : ['service', 'except']).flatMap((key) => {
    const names = valueAt(target, [key]);
    return names === undefined ? [] : namesIn(names, [...path, key]);
  });
}

/** The list at a key; empty where there is none. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const list = valueAt(value, [key]);
  return Array.isArray(list) ? list : [];
}
