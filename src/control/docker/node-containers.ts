import { type Engine, EngineRefusal, type InspectedContainer, shortId } from './engine.ts';
import { type EngineMark, NodeGone } from '../driver.ts';
import { unknownNode } from '../powers.ts';

/** The containers that the nodes are. */
export interface NodeContainers {
  readonly engine: Engine;
  /** @throws Error where there is no node of that name */
  readonly idOf: (node: string) => string;
  /**
   * Looks at the node's container; at the one of that id, where a journal names it. Rejects with NodeGone where there is
   * no such container any more.
   */
  readonly inspect: (node: string, id?: string) => Promise<InspectedContainer>;
}

/** @param mark The engine that the nodes are on; that a container is gone is believed of that one alone, if any is named. */
export function nodeContainers(
  engine: Engine,
  ids: ReadonlyMap<string, string>,
  mark: () => EngineMark | null,
): NodeContainers {
  const idOf = (node: string): string => {
    const id = ids.get(node);
    if (id === undefined) throw unknownNode(node, ids.keys());
    return id;
  };

  /** @throws Error where another engine than the run's was asked: what it does not know says nothing */
  async function sameEngine(): Promise<void> {
    const expected = mark();
    if (expected === null || expected.id === (await engine.id())) return;
    throw new Error(`the engine that answers is not the one at ${expected.address} that the run used`);
  }

  return {
    engine,
    idOf,
    async inspect(node, id = idOf(node)) {
      try {
        return await engine.inspect(id);
      } catch (thrown) {
        if (!isUnknown(thrown)) throw thrown;
        await sameEngine();
        throw vanished(node, id);
      }
    },
  };
}

export function isUnknown(thrown: unknown): boolean {
  return thrown instanceof EngineRefusal && thrown.status === 404;
}

export function vanished(node: string, id: string): Error {
  return new NodeGone(
    `container ${shortId(id)} of ${node} is gone: it was removed or replaced after the run began`,
  );
}

/** For what takes something away: from a container that is gone, there is nothing to take. */
export async function unlessGone(removal: Promise<void>): Promise<void> {
  await removal.catch((error: unknown) => {
    if (!(error instanceof NodeGone)) throw error;
  });
}
