import {
  accessSync,
  appendFileSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, messageOf } from '../../model/errors.ts';
import { z } from '../../model/zod.ts';
import { type Cgroup, cgroupOf, type Controller } from '../cgroup.ts';
import { tagOf, tagPrefix } from '../tag.ts';

/** A cgroup of ours for a process, and the one that it came from: directories. */
export const ownCgroup = z.strictObject({
  version: z.union([z.literal(1), z.literal(2)]),
  directory: z.string(),
  from: z.string(),
});
export type OwnCgroup = z.output<typeof ownCgroup>;

const noteFile = 'cgroups';
const roundMs = 20;
const rounds = 50;

/**
 * Plans a cgroup of our own for a process, below the one that it is in; touches nothing. In v2 a cgroup that holds
 * processes has none below it that limit, so ours is to be below the nearest one further up whose children do. What
 * children may limit is never changed: others would feel that.
 * @throws Error that says, as a clause, what is missing
 */
export function planCgroup(pid: number, controller: Controller, marker: string): OwnCgroup {
  const now = cgroupOf(pid, controller);
  if (now === undefined) throw new Error(`no ${controller} cgroups are to be seen on this machine`);
  const { version, directory: from } = now;
  if (basename(from).startsWith(tagPrefix)) throw new Error(`another fault has put it into ${from}`);
  const parent = version === 1 ? from : parentThatLimits(now, controller);
  if (parent === undefined) {
    throw new Error(`no cgroup above ${from} lets its children limit ${controller} (cgroup.subtree_control)`);
  }
  for (const path of [parent, join(from, 'cgroup.procs')]) {
    try {
      accessSync(path, constants.W_OK);
    } catch (error) {
      throw new Error(`${path} cannot be written, root may be needed: ${messageOf(error)}`, { cause: error });
    }
  }
  return { version, directory: join(parent, `${tagOf(marker)}${controller}`), from };
}

/** Undefined where there is none up to the top. */
export function parentThatLimits({ directory, top }: Cgroup, controller: Controller): string | undefined {
  for (let at = directory; at.startsWith(top); at = dirname(at)) {
    const limited = readFileSync(join(at, 'cgroup.subtree_control'), 'utf8').trim().split(' ');
    if (limited.includes(controller)) return at;
  }
  return undefined;
}

/** Makes the cgroup, after a note of it in the node's home: with the home, whoever clears it finds this one. */
export function makeCgroup(own: OwnCgroup, home: string): void {
  appendFileSync(join(home, noteFile), `${own.directory}\n`);
  mkdirSync(own.directory);
}

/** Moves a process with all its threads. */
export function moveTo(directory: string, pid: number): void {
  writeFileSync(join(directory, 'cgroup.procs'), String(pid));
}

export function processesIn(directory: string): readonly number[] {
  try {
    return readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Moves what is in it back, and removes it. That there is nothing is fine. */
export async function removeCgroup({ directory, from }: OwnCgroup): Promise<void> {
  for (let round = 0; existsSync(directory); round += 1) {
    for (const pid of processesIn(directory)) moveBack(pid, existsSync(from) ? from : dirname(directory));
    if (tryRemoving(directory)) return;
    if (round === rounds) throw new Error(`${directory} cannot be removed: processes are in it`);
    await sleep(roundMs);
  }
}

/** Removes the cgroups that were noted in the home of a node that has ended. */
export async function removeNotedCgroups(home: string): Promise<void> {
  for (const directory of notedIn(home))
    await removeCgroup({ version: 1, directory, from: dirname(directory) });
}

/** A note is believed of what may be ours only. */
function notedIn(home: string): readonly string[] {
  try {
    const lines = readFileSync(join(home, noteFile), 'utf8').split('\n');
    return lines.filter(
      (line) => basename(line).startsWith(tagPrefix) && existsSync(join(line, 'cgroup.procs')),
    );
  } catch {
    return [];
  }
}

/** A process may end before it is moved. */
function moveBack(pid: number, directory: string): void {
  try {
    moveTo(directory, pid);
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error;
  }
}

/** A cgroup is a directory that is empty to rmdir, whatever files it shows; it is busy while processes end in it. */
function tryRemoving(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'EBUSY' && errno !== 'ENOENT') throw error;
    return errno === 'ENOENT';
  }
}
