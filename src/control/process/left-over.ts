import { readdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeNotedCgroups } from './own-cgroup.ts';
import { lookUp } from '../process-table.ts';

/**
 * Embedded nodes that outlived the process which started them, and the processes that disturb them. A node is known by
 * its home, a directory under the run's own: it is the process's working directory, and holds a note of its pid. The
 * kernel's word finds a node whose note could not be written any more; the note finds one where the kernel cannot be
 * asked for directories.
 */

const pidFile = 'pid';
const roundMs = 50;
const rounds = 100;

/** Notes a node's pid in its home. That it cannot is no reason not to start the node. */
export function notePid(home: string, pid: number, startTime: string): void {
  try {
    writeFileSync(join(home, pidFile), `${pid} ${startTime}`);
  } catch {}
}

/**
 * Ends, by SIGKILL, every embedded node that has its home under `directory`, then removes the cgroups that were made
 * for them, and the directory. Resolves to what was ended, as `service-node-2 (pid 4711)`.
 * @throws Error where a process does not end, or the directory cannot be removed
 */
export async function endLeftOver(directory: string): Promise<readonly string[]> {
  const ended = new Map<number, string>();
  for (let round = 0; ; round += 1) {
    const left = leftOver(directory);
    if (left.size === 0) break;
    if (round === rounds) throw new Error(`still running after SIGKILL: ${[...left.values()].join(', ')}`);
    for (const [pid, name] of left) {
      ended.set(pid, name);
      endNow(pid);
    }
    await sleep(roundMs);
  }
  for (const home of namesIn(directory)) await removeNotedCgroups(join(directory, home));
  await rm(directory, { recursive: true, force: true });
  return [...ended.values()];
}

function leftOver(directory: string): ReadonlyMap<number, string> {
  const named = (home: string, pid: number) => `${home} (pid ${pid})`;
  const found = new Map<number, string>();
  for (const home of namesIn(directory)) {
    const pid = notedPid(join(directory, home, pidFile));
    if (pid !== undefined) found.set(pid, named(home, pid));
  }
  const root = realPath(directory);
  for (const name of namesIn('/proc')) {
    const pid = Number(name);
    const home = Number.isInteger(pid) ? homeOf(pid, root) : undefined;
    if (home !== undefined) found.set(pid, named(home, pid));
  }
  return found;
}

/** The pid in a note, if that very process still runs. */
function notedPid(path: string): number | undefined {
  try {
    const [pid, ...startTime] = readFileSync(path, 'utf8').split(' ');
    return lookUp(Number(pid))?.startTime === startTime.join(' ') ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** A node's home, if the process stands in one. A shell that a user opened there has a terminal; a node has none. */
function homeOf(pid: number, root: string): string | undefined {
  try {
    const place = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
    if (!place.startsWith(root + sep)) return undefined;
    return lookUp(pid)?.hasTerminal === false ? place.slice(root.length + 1) : undefined;
  } catch {
    // It has ended meanwhile, or is another user's.
    return undefined;
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
