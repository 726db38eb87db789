import type { Disturber } from '../../../model/disturber.ts';
import type { Engine } from '../engine.ts';
import type { NodeContainers } from '../node-containers.ts';
import { iptablesMeans } from './iptables-means.ts';
import { netDisturber } from './net-disturber.ts';
import { netemOf, qdiscMeans, tbfOf } from './qdisc-means.ts';
import { netWays } from './ways.ts';

export interface NetDisturberOptions {
  readonly engine: Engine;
  readonly containers: Pick<NodeContainers, 'inspect'>;
  /** Whether the engine is reached as one of this machine. */
  readonly isLocal: boolean;
  /** control.docker.net_image: of the helper container, where nsenter will not do. */
  readonly image: string | undefined;
  /** The directory of the run that helpers are for, absolute; null where there is none. */
  readonly runPath: string | null;
}

/**
 * All that disturbs containers by rules in their network namespaces, the preferred first. netem loses packets that leave the
 * node, iptables those that come to it. Slow closing is not among them: no rule of the kernel delays an end.
 */
export function dockerNetDisturbers({
  engine,
  containers,
  isLocal,
  image,
  runPath,
}: NetDisturberOptions): readonly Disturber[] {
  const host = { containers, ways: netWays(engine, isLocal, runPath), image: image ?? null };
  return [
    netDisturber(qdiscMeans('netem', ['latency', 'loss'], netemOf), host),
    netDisturber(qdiscMeans('tbf', ['bandwidth'], tbfOf), host),
    netDisturber(iptablesMeans, host),
  ];
}
