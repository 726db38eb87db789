import { type Cgroup, cgroupOf, type Controller } from '../cgroup.ts';
import { cpusOf, isAbout, memoryOf, periodUs, unreachable } from '../cgroup-limits.ts';
import { belongsTo } from './crash.ts';
import type { ContainerLimits, InspectedContainer } from './engine.ts';

export interface KernelLimits {
  /** False where the kernel goes by other limits than the engine keeps. */
  readonly agrees: boolean;
  /** Empty where the kernel is another machine's, or nothing runs in the container. */
  readonly evidence: readonly string[];
}

/** A container's limits as the kernel has them, held against what the engine keeps. */
export function kernelLimits({ id, pid, limits }: InspectedContainer): KernelLimits {
  if (!belongsTo(pid, id)) return { agrees: true, evidence: [] };
  const cpus = seenIn(cgroupOfContainer(pid, id, 'cpu'), cpusOf);
  const memory = seenIn(cgroupOfContainer(pid, id, 'memory'), memoryOf);
  return {
    agrees:
      (cpus === undefined || isAbout(cpus, cpusIn(limits), 'cpus')) &&
      (memory === undefined || isAbout(memory, memoryIn(limits), 'bytes')),
    evidence: [
      ...(cpus === undefined ? [] : [`kernel: cpus ${cpus ?? 'unlimited'}`]),
      ...(memory === undefined ? [] : [`kernel: memory ${memory ?? 'unlimited'}`]),
    ],
  };
}

/** The directory of the container itself: what runs in it may have made others below. */
export function cgroupOfContainer(pid: number, id: string, controller: Controller): Cgroup | undefined {
  const cgroup = cgroupOf(pid, controller);
  const own = cgroup?.directory.match(new RegExp(`^.*?${id}[^/]*`))?.[0];
  return cgroup === undefined || own === undefined ? undefined : { ...cgroup, directory: own };
}

function seenIn<T>(cgroup: Cgroup | undefined, read: (cgroup: Cgroup) => T): T | undefined {
  return cgroup === undefined ? undefined : read(cgroup);
}

/** The limit that the engine keeps, in processors; null where it keeps none. */
export function cpusIn({ nanoCpus, cpuQuota, cpuPeriod }: ContainerLimits): number | null {
  if (nanoCpus > 0) return nanoCpus / 1e9;
  return cpuQuota > 0 ? cpuQuota / (cpuPeriod || periodUs) : null;
}

/** In bytes; null where there is none. */
export function memoryIn({ memory }: ContainerLimits): number | null {
  return memory > 0 && memory < unreachable ? memory : null;
}
