import type { Disturber } from '../../model/disturber.ts';
import { type NodeContainers, unlessGone } from './node-containers.ts';
import { memoryIn } from './kernel.ts';
import { limitChange, lookAtLimits, takeBackLimits } from './limits.ts';
import { disturberOf, refusalFrom, type SpecOf } from '../one-kind.ts';
import { bytesOf } from '../tag.ts';

/** What the engine takes at least, in bytes. */
export const leastMemory = 6 * 1024 * 1024;

/**
 * Less memory, by the engine's update. Memory and swap get the same figure, so that nothing moves to swap instead. The
 * engine cannot set a container back to no limit at all: it gets one that no machine reaches.
 */
export function dockerMemoryLimit(containers: NodeContainers): Disturber {
  const prepare = async (node: string, { limit_mb }: SpecOf<'memory_limit'>) => {
    const wanted = bytesOf(limit_mb);
    if (wanted < leastMemory) throw new Error(`the engine takes ${inMb(leastMemory)} MB at least`);
    const { id, limits } = await containers.inspect(node);
    const { memory, memorySwap } = limits;
    const all = (await containers.engine.capacity()).memory;
    const now = Math.min(memoryIn(limits) ?? all, all);
    if (wanted >= now) throw new Error(`${node} may use no more than ${inMb(now)} MB as it is`);
    const used = await containers.engine.memoryUsed(id);
    if (wanted <= used) {
      throw new Error(
        `${node} uses ${inMb(used)} MB: a limit of ${limit_mb} MB would have the kernel kill it at once`,
      );
    }
    return { container: id, before: { memory, memorySwap }, wanted: { memory: wanted, memorySwap: wanted } };
  };
  return disturberOf({
    means: 'memory-limit',
    kind: 'memory_limit',
    prepared: limitChange,
    refusal: (node, spec) => refusalFrom(prepare(node, spec)),
    prepare,
    async apply(_node, { container, wanted }) {
      await containers.engine.update(container, wanted);
    },
    remove: (node, change) => unlessGone(takeBackLimits(containers, node, change)),
    look: (node, change) => lookAtLimits(containers, node, change),
  });
}

function inMb(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
