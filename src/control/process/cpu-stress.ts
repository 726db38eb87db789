import type { Disturber } from '../../model/disturber.ts';
import { messageOf } from '../../model/errors.ts';
import { z } from '../../model/zod.ts';
import { startBeside } from './beside-node.ts';
import { cgroupOf, type Controller } from '../cgroup.ts';
import {
  embeddedNode,
  endTaggedProcesses,
  type FindNode,
  isAlive,
  taggedProcesses,
  unreachableNode,
} from './embedded-node.ts';
import { disturberOf } from '../one-kind.ts';
import { moveTo } from './own-cgroup.ts';
import { busyScript } from '../resource-scripts.ts';

const prepared = z.strictObject({ node: embeddedNode, marker: z.string(), workers: z.number() });

const controllers: readonly Controller[] = ['cpu', 'memory'];

/** Busy loops beside the node, within the same limits. They end with the node, and with us. */
export function processCpuStress(find: FindNode): Disturber {
  return disturberOf({
    means: 'busy-loops',
    kind: 'cpu_stress',
    prepared,
    refusal: async (node) => unreachableNode(find(node)),
    prepare: async (node, { workers }, marker) => ({ node: find(node), marker, workers }),
    async apply(_node, { node, marker, workers }) {
      if (!isAlive(node)) throw new Error(`pid ${node.pid} is gone`);
      for (let started = 0; started < workers; started += 1) {
        join(await startBeside(node, busyScript(marker, [process.pid, node.pid])), node.pid);
      }
    },
    remove: async (_node, { marker }) => endTaggedProcesses(marker),
    async look(_node, { marker, workers }) {
      const busy = taggedProcesses(marker).length;
      return {
        state: busy === 0 ? 'absent' : busy === workers ? 'present' : 'partial',
        evidence: `${busy} of ${workers} busy loops run`,
      };
    },
  });
}

/** Puts a process where a node is, so that both have what the node's limits leave. */
function join(pid: number, node: number): void {
  for (const controller of controllers) {
    const there = cgroupOf(node, controller)?.directory;
    if (there === undefined || there === cgroupOf(pid, controller)?.directory) continue;
    try {
      moveTo(there, pid);
    } catch (error) {
      throw new Error(`a busy loop cannot be put into the node’s cgroup ${there}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}
