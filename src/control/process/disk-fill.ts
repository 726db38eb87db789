import { statSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disturber } from '../../model/disturber.ts';
import { faultParameters } from '../../model/fault-spec.ts';
import { z } from '../../model/zod.ts';
import { startBeside } from './beside-node.ts';
import {
  embeddedNode,
  endTaggedProcesses,
  type FindNode,
  isAlive,
  unreachableNode,
} from './embedded-node.ts';
import { noRoomFor } from '../disk-room.ts';
import { disturberOf, refusalFrom } from '../one-kind.ts';
import { fillName, fillScript, partOf } from '../resource-scripts.ts';
import { bytesOf } from '../tag.ts';

const prepared = z.strictObject({
  node: embeddedNode,
  marker: z.string(),
  path: z.string(),
  bytes: z.number(),
});

/** A file of zeros in the node's home: the only place on this machine that is the node's own. */
export function processDiskFill(find: FindNode): Disturber {
  const checked = async (node: string, sizeMb: number) => {
    const { home } = find(node);
    const { type, bsize, blocks, bavail } = await statfs(home);
    const room = { total: blocks * bsize, free: bavail * bsize, isInMemory: type === tmpfsType };
    const problem = noRoomFor(bytesOf(sizeMb), room, home);
    if (problem !== null) throw new Error(problem);
    return bytesOf(sizeMb);
  };
  return disturberOf({
    means: 'file',
    kind: 'disk_fill',
    prepared,
    async refusal(node, { directory, size_mb }) {
      if (directory !== usual) return 'an embedded node has its home only: leave `directory` out';
      return unreachableNode(find(node)) ?? refusalFrom(checked(node, size_mb));
    },
    async prepare(node, { size_mb }, marker) {
      const bytes = await checked(node, size_mb);
      return { node: find(node), marker, path: join(find(node).home, fillName(marker)), bytes };
    },
    async apply(_node, { node, path, bytes }) {
      if (!isAlive(node)) throw new Error(`pid ${node.pid} is gone`);
      await startBeside(node, fillScript(path, bytes));
    },
    async remove(_node, { marker, path }) {
      endTaggedProcesses(marker);
      // In this order, a file that is given its name in between is removed by that name.
      for (const name of [partOf(path), path]) await rm(name, { force: true });
    },
    async look(_node, { path, bytes }) {
      const part = sizeOf(partOf(path));
      const whole = sizeOf(path);
      const size = part ?? whole;
      if (size === undefined) return { state: 'absent', evidence: `there is no ${path}` };
      return {
        state: part === undefined ? 'present' : 'partial',
        evidence: `${path} has ${size} of ${bytes} bytes`,
      };
    },
  });
}

/** TMPFS_MAGIC of the kernel. */
const tmpfsType = 0x01021994;

/** What a scenario has where it does not say, which means nothing on this machine. */
const usual = faultParameters.disk_fill.parse({ size_mb: 1 }).directory;

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
