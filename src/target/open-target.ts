import type { Config } from '../model/config.ts';
import type { NodeKind } from '../model/node.ts';
import { tracesOf } from '../model/trace-context.ts';
import type { Target } from './target.ts';

/**
 * Makes the target that a config describes, from plain data alone, so that each thread can have its own. Its SDK is loaded
 * with it.
 * @param seed Of the run: the same seed makes the same requests.
 * @throws OrchError `yaml-invalid`, `feed-invalid`, `file-not-found`, `no-permission`
 */
export async function openTarget(kind: NodeKind, config: Config, seed: number): Promise<Target> {
  const source = { seed, feeds: config.feeds };
  if (kind === 'http') {
    const { createHttpTarget } = await import('./http.ts');
    return createHttpTarget({
      ...source,
      workload: config.http_workload,
      workloads: workloadsOf(config, 'http'),
      maxInFlight: config.load.max_in_flight,
      traces: tracesOf(config),
    });
  }
  const { createRedisTarget } = await import('./redis.ts');
  return createRedisTarget({
    ...source,
    workload: config.redis_workload,
    workloads: workloadsOf(config, 'redis'),
  });
}

type Named = Config['workloads'][string];

/** The workloads of a config that are for nodes of a kind, by their names. */
export function workloadsOf<K extends NodeKind>(
  { workloads }: Config,
  kind: K,
): Readonly<Record<string, NonNullable<Named[K]>>> {
  const named = Object.entries(workloads).flatMap(([name, workload]) => {
    const one = workload[kind];
    return one === undefined ? [] : [[name, one] as const];
  });
  return Object.fromEntries(named);
}
