import { engineAddress } from './address.ts';
import { type NodeContainers, nodeContainers } from './node-containers.ts';
import type { Engine } from './engine.ts';
import { connectEngine } from './docker.ts';

/** For tests: the container of a node called `web`, as the run has it and as another process does that knows the journal only. */
export function reach(id: string): {
  readonly engine: Engine;
  readonly containers: NodeContainers;
  readonly fresh: NodeContainers;
} {
  const engine = connectEngine(engineAddress(process.env));
  return {
    engine,
    containers: nodeContainers(engine, new Map([['web', id]]), () => null),
    fresh: nodeContainers(connectEngine(engineAddress(process.env)), new Map(), () => null),
  };
}
