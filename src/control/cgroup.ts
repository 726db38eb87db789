import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The part of the kernel that limits: in cgroup v1 each has a hierarchy of its own, in v2 they share one. */
export type Controller = 'cpu' | 'memory';

/** A directory of the cgroup file system. cgroups(7) */
export interface CgroupDirectory {
  readonly version: 1 | 2;
  readonly directory: string;
}

export interface Cgroup extends CgroupDirectory {
  /** Where its hierarchy begins, as far as it can be seen from here. */
  readonly top: string;
}

/** Where a process stands in the hierarchy of a controller; undefined where that cannot be seen. */
export function cgroupOf(pid: number, controller: Controller): Cgroup | undefined {
  return cgroupIn(linesOf('/proc/self/mountinfo'), linesOf(`/proc/${pid}/cgroup`), controller);
}

/** @param mounts, places The lines of /proc/PID/mountinfo and /proc/PID/cgroup. */
export function cgroupIn(
  mounts: readonly string[],
  places: readonly string[],
  controller: Controller,
): Cgroup | undefined {
  const hierarchies = mounts.flatMap(hierarchyOf);
  const v1 = hierarchies.find(({ controllers }) => controllers?.includes(controller));
  const hierarchy = v1 ?? hierarchies.find(({ controllers }) => controllers === undefined);
  const name = v1 === undefined ? '' : controller;
  const path = places.map((line) => pathIn(line, name)).find((one) => one !== undefined);
  if (hierarchy === undefined || path === undefined) return undefined;
  const { root, top } = hierarchy;
  const below = relative(root, path);
  // In a container that has a view of its own, a path may lead out of what is to be seen there.
  if (path.startsWith('/..') || below.startsWith('..')) return undefined;
  return { version: v1 === undefined ? 2 : 1, directory: join(top, below), top };
}

interface Hierarchy {
  /** Which part of the hierarchy is mounted. */
  readonly root: string;
  readonly top: string;
  /** Undefined in v2. */
  readonly controllers: readonly string[] | undefined;
}

/** Of a line of mountinfo: `35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory`. proc(5) */
function hierarchyOf(line: string): readonly Hierarchy[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root = '', top = ''] = before.split(' ');
  const [type, , options = ''] = after.split(' ');
  if (type !== 'cgroup' && type !== 'cgroup2') return [];
  return [{ root, top, controllers: type === 'cgroup' ? options.split(',') : undefined }];
}

/** Of a line of /proc/PID/cgroup: `4:memory:/docker/1f2e…`, and `0::/…` for v2. */
function pathIn(line: string, controller: string): string | undefined {
  const [, controllers = '', ...path] = line.split(':');
  return controllers.split(',').includes(controller) ? path.join(':') : undefined;
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}
