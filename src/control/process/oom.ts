import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disturber } from '../../model/disturber.ts';
import { z } from '../../model/zod.ts';
import { startBeside } from './beside-node.ts';
import { limitMemory } from '../cgroup-limits.ts';
import { embeddedNode, type FindNode, isAlive } from './embedded-node.ts';
import { disturberOf } from '../one-kind.ts';
import { makeCgroup, moveTo, type OwnCgroup, ownCgroup, planCgroup, removeCgroup } from './own-cgroup.ts';
import { obstacle } from './limits.ts';
import { hogCommand } from '../resource-scripts.ts';

const prepared = z.strictObject({ node: embeddedNode, own: ownCgroup, score: z.string() });
type Prepared = z.output<typeof prepared>;

const limitBytes = 8_000_000;
const hogBytes = 6 * limitBytes;
const deathLimitMs = 5_000;
const roundMs = 20;

/**
 * Moves the node to a cgroup of our own with next to no memory, marks it as the one that the kernel is to choose, and
 * has a program of ours ask for more than there is. That one is killed next, or ends by itself.
 */
export function processOomKiller(find: FindNode): Disturber {
  async function restore({ node, own, score }: Prepared): Promise<void> {
    await removeCgroup(own);
    if (isAlive(node)) writeFileSync(scoreFile(node.pid), score);
  }

  return disturberOf({
    means: 'oom-killer',
    kind: 'oom_kill',
    prepared,
    refusal: async (node) => obstacle(find(node), 'memory'),
    async prepare(name, _spec, marker) {
      const node = find(name);
      const score = readFileSync(scoreFile(node.pid), 'utf8').trim();
      return { node, own: planCgroup(node.pid, 'memory', marker), score };
    },
    async apply(name, it) {
      const { node, own } = it;
      if (!isAlive(node)) throw new Error(`${name} is stopped: pid ${node.pid} is gone`);
      try {
        makeCgroup(own, node.home);
        limitMemory(own, limitBytes);
        writeFileSync(scoreFile(node.pid), '1000');
        moveTo(own.directory, node.pid);
        await startBeside(node, hogIn(own));
        for (let round = 0; isAlive(node) && round < deathLimitMs / roundMs; round += 1) await sleep(roundMs);
        if (isAlive(node) || killed(own) === 0) {
          throw new Error(`the kernel did not kill ${name} for want of memory`);
        }
      } finally {
        await restore(it);
      }
    },
    remove: (_name, it) => restore(it),
    async look(_name, { own }) {
      const isThere = existsSync(own.directory);
      return {
        state: isThere ? 'present' : 'absent',
        evidence: isThere ? `${own.directory} is there` : `there is no ${own.directory}`,
      };
    },
  });
}

/** It goes to the cgroup by itself, before it asks for memory. */
function hogIn({ directory }: OwnCgroup) {
  const text = `echo $$ > "$ORCH_PROCS" && exec ${hogCommand(hogBytes)}`;
  return { args: ['sh', '-c', text], env: { ORCH_PROCS: join(directory, 'cgroup.procs') } };
}

function scoreFile(pid: number): string {
  return `/proc/${pid}/oom_score_adj`;
}

/** How many processes of the cgroup the kernel has killed for want of memory. */
function killed({ version, directory }: OwnCgroup): number {
  const file = version === 2 ? 'memory.events' : 'memory.oom_control';
  return Number(/^oom_kill (\d+)$/m.exec(readFileSync(join(directory, file), 'utf8'))?.[1] ?? 0);
}
