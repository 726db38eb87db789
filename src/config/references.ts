import type { Config } from '../model/config.ts';
import { gateOf } from '../model/gate-schema.ts';
import { type Explained, suggestion } from './explain.ts';
import { nodesOf } from './nodes.ts';
import type { YamlPath } from './yaml.ts';

/** What a config says of nodes that it does not have, or that cannot be so. */
export function wrongReferences(config: Config): readonly Explained[] {
  const nodes = nodesOf(config);
  const { replicas } = config.control.process;
  const path = ['control', 'process', 'replicas'];
  const redis = nodes.filter(({ kind }) => kind === 'redis').map(({ name }) => name);
  const known = nodes.map(({ name }) => name);
  return [
    ...strangers(Object.keys(config.nodes), known, ['nodes']),
    ...config.gates
      .map(gateOf)
      .flatMap(({ node }, index) =>
        node === null || known.includes(node) ? [] : [unknown(node, known, ['gates', index])],
      ),
    ...strangers(Object.keys(replicas), redis, path),
    ...Object.entries(replicas).flatMap(([replica, primary]) => {
      const at = [...path, replica];
      if (!redis.includes(primary)) return [unknown(primary, redis, at)];
      if (replicas[primary] === undefined) return [];
      return [{ path: at, message: `${primary} is a replica itself` }];
    }),
  ];
}

function strangers(names: readonly string[], known: readonly string[], path: readonly string[]): Explained[] {
  return names.filter((name) => !known.includes(name)).map((name) => unknown(name, known, [...path, name]));
}

function unknown(name: string, known: readonly string[], path: YamlPath): Explained {
  return { path, message: `there is no node \`${name}\`${suggestion(name, known)}` };
}
