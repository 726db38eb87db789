import type { EngineAddress } from './docker-address.ts';
import { type Engine, EngineRefusal, shortId } from './docker-engine.ts';
import { checkAddress, matchNodes } from './docker-nodes.ts';
import { type Driver, NodeGone, type Sighting } from './driver.ts';
import { type Power, unknownNode, wrongState } from './powers.ts';

export interface DockerOptions {
  readonly address: EngineAddress;
  /** The compose project whose services the nodes are. */
  readonly project: string;
}

/**
 * Nodes that are containers of a compose project. A container is found once, by its labels, at `open`; from then on
 * its id counts, so that what replaces it in mid-run is never touched.
 */
export function dockerDriver(engine: Engine, project: string): Driver {
  return driverOf(engine, new Map(), project);
}

/** For undoing: reaches the very containers that a journal names, by node, and no others. It is not opened. */
export function adoptingDriver(engine: Engine, incarnations: ReadonlyMap<string, string>): Driver {
  const ids = [...incarnations].map(
    ([node, incarnation]) => [node, incarnation.split('@')[0] ?? ''] as const,
  );
  return driverOf(engine, new Map(ids), '');
}

function driverOf(engine: Engine, ids: Map<string, string>, project: string): Driver {
  const idOf = (node: string): string => {
    const id = ids.get(node);
    if (id === undefined) throw unknownNode(node, ids.keys());
    return id;
  };

  async function observe(node: string): Promise<Sighting> {
    const id = idOf(node);
    try {
      const { state, startedAt, evidence } = await engine.inspect(id);
      return { state, incarnation: `${id}@${startedAt}`, evidence: `container ${shortId(id)} ${evidence}` };
    } catch (thrown) {
      throw isUnknown(thrown) ? vanished(node, id) : thrown;
    }
  }

  async function use(power: Power, node: string, graceMs?: number): Promise<void> {
    const id = idOf(node);
    try {
      await engine.use(power, id, graceMs);
    } catch (thrown) {
      if (!(thrown instanceof EngineRefusal)) throw thrown;
      if (isUnknown(thrown)) throw vanished(node, id);
      // The engine's codes for a wrong state are many (304, 409, 500); the state itself says more than they do.
      const wrong = wrongState(power, node, await observe(node));
      throw (
        wrong ?? new Error(`the engine refused to ${power} ${node}: ${thrown.message}`, { cause: thrown })
      );
    }
  }

  return {
    name: 'docker',
    async open(nodes) {
      const managed = nodes.filter((node) => node.managed);
      for (const { node, id } of matchNodes(managed, await engine.list(), project)) {
        checkAddress(node, await engine.inspect(id));
        ids.set(node.name, id);
      }
      return nodes;
    },
    observe,
    kill: (node) => use('kill', node),
    stop: (node, graceMs) => use('stop', node, graceMs),
    start: (node) => use('start', node),
    pause: (node) => use('pause', node),
    unpause: (node) => use('unpause', node),
    // Connections are made per call, and the containers are not ours to end.
    close: () => Promise.resolve(),
  };
}

function isUnknown(thrown: unknown): boolean {
  return thrown instanceof EngineRefusal && thrown.status === 404;
}

function vanished(node: string, id: string): Error {
  return new NodeGone(
    `container ${shortId(id)} of ${node} is gone: it was removed or replaced after the run began`,
  );
}
