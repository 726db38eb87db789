import { readFileSync } from 'node:fs';
import { messageOf } from '../../model/errors.ts';
import { type InspectedContainer, shortId } from './engine.ts';

/**
 * SIGKILL from outside to a container's first process: a crash to the engine, upon which a restart policy acts.
 * Null once it is sent; else why that cannot be done from here, as a clause.
 */
export function crash({ pid, id }: InspectedContainer): string | null {
  if (!belongsTo(pid, id)) {
    return `its process (pid ${pid}) is not to be seen on this machine as one of container ${shortId(id)}`;
  }
  try {
    process.kill(pid, 'SIGKILL');
    return null;
  } catch (error) {
    return `its process (pid ${pid}) cannot be signalled: ${messageOf(error)}`;
  }
}

/**
 * Whether a process of this machine is one of the container, by the cgroup that the engine put it in. A pid from the
 * engine says nothing by itself: the engine's machine may be another one, and pids are used again.
 */
export function belongsTo(pid: number, containerId: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(containerId);
  } catch {
    return false;
  }
}
