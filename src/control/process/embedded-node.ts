import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from '../../model/zod.ts';
import { lookUp } from '../process-table.ts';
import { tagOf } from '../tag.ts';

/** One life of an embedded node: a process, known again by its start time, and its home. */
export const embeddedNode = z.strictObject({ pid: z.number(), startTime: z.string(), home: z.string() });
export type EmbeddedNode = z.output<typeof embeddedNode>;

/** How disturbers get at a driver's nodes. Throws for a node that is not known. */
export type FindNode = (node: string) => EmbeddedNode;

export function isAlive({ pid, startTime }: EmbeddedNode): boolean {
  return lookUp(pid)?.startTime === startTime;
}

/** Why nothing can be done beside the node, as a clause; null where it can. */
export function unreachableNode(node: EmbeddedNode): string | null {
  if (!existsSync('/proc/self/cmdline')) return 'embedded nodes are disturbed so on Linux only';
  return isAlive(node) ? null : `it is stopped: pid ${node.pid} is gone`;
}

/** The processes that run under a fault's marker. */
export function taggedProcesses(marker: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && commandLine(pid).includes(tagOf(marker)));
}

/** SIGKILL to all that runs under a fault's marker. */
export function endTaggedProcesses(marker: string): void {
  for (const pid of taggedProcesses(marker)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile; another user's that is still there is for a look to tell.
    }
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
