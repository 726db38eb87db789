import { setTimeout as sleep } from 'node:timers/promises';
import type { Disturber } from '../../model/disturber.ts';
import { z } from '../../model/zod.ts';
import { type NodeContainers, unlessGone } from './node-containers.ts';
import type { ContainerLimits } from './engine.ts';
import { memoryIn } from './kernel.ts';
import { limitChange, lookAtLimits, takeBackLimits } from './limits.ts';
import { leastMemory } from './memory-limit.ts';
import { missingPrograms } from './programs.ts';
import { disturberOf } from '../one-kind.ts';
import { hogCommand } from '../resource-scripts.ts';

const prepared = z.strictObject({
  ...limitChange.shape,
  /** When the container was started; what it is after that is another life, and none of ours. */
  startedAt: z.string(),
  /** What its first process had for an oom_score_adj. */
  score: z.number(),
});
type Prepared = z.output<typeof prepared>;

/** Between what the node holds and its limit: room for it to take what it needs until then. */
const slackBytes = 16_000_000;
const deathLimitMs = 5_000;
const roundMs = 50;

/**
 * Limits the container to little more than it holds, marks its first process as the one that the kernel is to choose, and
 * has a program beside it ask for more than there is. It is the first process's end that ends a container. Then the
 * limits are put back, whatever came of it: what is left to be removed is what another process finds that died meanwhile.
 */
export function dockerOomKiller(containers: NodeContainers): Disturber {
  const { engine } = containers;

  /** The highest score is the one that the kernel chooses first. Where it cannot be set, the largest process is chosen. */
  const setScore = (id: string, score: number, then = 'true') =>
    engine.execute(id, { args: ['sh', '-c', `echo ${score} > /proc/1/oom_score_adj; ${then}`] });

  async function isAlive(node: string, { container, startedAt }: Prepared): Promise<boolean> {
    const seen = await containers.inspect(node, container);
    return seen.state !== 'stopped' && seen.startedAt === startedAt;
  }

  async function dies(node: string, change: Prepared): Promise<boolean> {
    const deadlineMs = performance.now() + deathLimitMs;
    while (await isAlive(node, change)) {
      if (performance.now() > deadlineMs) return false;
      await sleep(roundMs);
    }
    return true;
  }

  async function restore(node: string, change: Prepared): Promise<void> {
    await takeBackLimits(containers, node, change);
    if (await isAlive(node, change)) await setScore(change.container, change.score);
  }

  return disturberOf({
    means: 'oom-killer',
    kind: 'oom_kill',
    prepared,
    refusal: (node) => missingPrograms(containers, node, ['dd', 'cat']),
    async prepare(node) {
      const { id, limits, startedAt } = await containers.inspect(node);
      const { output } = await engine.execute(id, { args: ['cat', '/proc/1/oom_score_adj'] });
      return {
        container: id,
        startedAt,
        score: Number.parseInt(output, 10) || 0,
        ...changeOf(limits, await engine.memoryUsed(id)),
      };
    },
    async apply(node, change) {
      const { container, wanted } = change;
      try {
        await engine.update(container, wanted);
        // Its answer may be cut off by the end of the container.
        await setScore(container, 1000, hogCommand(3 * slackBytes)).catch(() => {});
        if (!(await dies(node, change))) {
          throw new Error(`${node} survived: the kernel did not kill it for want of memory`);
        }
      } finally {
        await unlessGone(restore(node, change));
      }
    },
    remove: (node, change) => unlessGone(restore(node, change)),
    look: (node, change) => lookAtLimits(containers, node, change),
  });
}

/** A limit that is lower already stays. */
function changeOf(limits: ContainerLimits, usedBytes: number) {
  const { memory, memorySwap } = limits;
  const bytes = Math.min(
    Math.max(usedBytes + slackBytes, leastMemory),
    memoryIn(limits) ?? Number.MAX_SAFE_INTEGER,
  );
  return { before: { memory, memorySwap }, wanted: { memory: bytes, memorySwap: bytes } };
}
