import type { NodeSpec } from '../model/node.ts';
import { isManyNodes, redisEndpoint } from '../model/redis-endpoint.ts';
import type { Scenario } from '../model/scenario.ts';
import type { LostWrites } from '../model/write-check.ts';
import type { PlannedWrites } from '../writes/planned-writes.ts';

export interface PlanWritesOptions {
  /** `file:line:column` of a part of the scenario. */
  readonly where: (path: readonly (string | number)[]) => string;
  /** The nodes of these names, as nodes of the run; those that there are not are told by it. */
  readonly nodesOf: (names: readonly string[], place: string) => readonly NodeSpec[];
  readonly mistake: (message: string, place: string) => void;
}

/** The checks of a scenario that write, with their nodes. */
export function planWrites(
  { checks }: Scenario,
  { where, nodesOf, mistake }: PlanWritesOptions,
): readonly PlannedWrites[] {
  return checks.map(({ lost_writes: asked }, index) => {
    const place = where(['checks', index, 'lost_writes']);
    const nodes = nodesOf(asked.target, place);
    const readFrom = nodesOf(asked.read_from ?? [], place);
    for (const message of mistakesOf(asked, [...nodes, ...readFrom], nodes)) mistake(message, place);
    return { name: asked.name ?? asked.target.join(', '), nodes, readFrom, asked };
  });
}

function mistakesOf(
  { http, wait }: LostWrites,
  all: readonly NodeSpec[],
  targets: readonly NodeSpec[],
): readonly string[] {
  const [first] = all;
  if (first === undefined) return [];
  if (all.some(({ kind }) => kind !== first.kind))
    return ['its nodes are of two kinds, HTTP and Redis: that takes two checks'];
  const isHttp = first.kind === 'http';
  const endpoints = isHttp ? [] : targets.filter(({ url }) => isManyNodes(url));
  return [
    ...(isHttp && http === undefined
      ? ['HTTP nodes need `http`: how a token is written, and how it is read']
      : []),
    ...(!isHttp && http !== undefined ? ['`http` is for HTTP nodes'] : []),
    ...(isHttp && wait > 0 ? ['`wait` is for Redis nodes'] : []),
    ...(endpoints.length > 0 && targets.length > 1
      ? ['a cluster, or what is behind a Sentinel, finds its primary itself: it is a target alone']
      : []),
    ...(wait > 0 && endpoints.some(({ url }) => redisEndpoint(url).kind === 'cluster')
      ? ['`wait` cannot be for a cluster: WAIT says nothing of which write it is about']
      : []),
  ];
}
