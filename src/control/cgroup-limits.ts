import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CgroupDirectory } from './cgroup.ts';

/** The kernel's own period, in microseconds. */
export const periodUs = 100_000;
/** The least quota that the kernel takes, in microseconds of a period. */
export const leastQuotaUs = 1_000;

/** Processors' time that a cgroup may use, in processors; null where it has no limit, undefined where it cannot be read. */
export function cpusOf(cgroup: CgroupDirectory): number | null | undefined {
  const words =
    cgroup.version === 2
      ? read(cgroup, 'cpu.max')?.split(' ')
      : [read(cgroup, 'cpu.cfs_quota_us'), read(cgroup, 'cpu.cfs_period_us')];
  const [quota, period] = words ?? [];
  if (quota === undefined || period === undefined) return undefined;
  return quota === 'max' || quota === '-1' ? null : Number(quota) / Number(period);
}

export function limitCpus(cgroup: CgroupDirectory, cpus: number): void {
  const quota = Math.round(cpus * periodUs);
  if (cgroup.version === 2) return write(cgroup, 'cpu.max', `${quota} ${periodUs}`);
  write(cgroup, 'cpu.cfs_period_us', String(periodUs));
  write(cgroup, 'cpu.cfs_quota_us', String(quota));
}

/** Bytes of memory that a cgroup may hold; null where it has no limit, undefined where it cannot be read. */
export function memoryOf(cgroup: CgroupDirectory): number | null | undefined {
  const text = read(cgroup, cgroup.version === 2 ? 'memory.max' : 'memory.limit_in_bytes');
  if (text === undefined) return undefined;
  return text === 'max' || Number(text) >= unreachable ? null : Number(text);
}

/** Swap counts as memory, where the kernel counts it: what is to be short of memory must not move there. */
export function limitMemory(cgroup: CgroupDirectory, bytes: number): void {
  if (cgroup.version === 2) {
    writeIfThere(cgroup, 'memory.swap.max', '0');
    return write(cgroup, 'memory.max', String(bytes));
  }
  write(cgroup, 'memory.limit_in_bytes', String(bytes));
  writeIfThere(cgroup, 'memory.memsw.limit_in_bytes', String(bytes));
}

/** Bytes that are as good as no limit: v1 says 2^63, less a page, in place of `max`. */
export const unreachable = 2 ** 62;

/** The kernel keeps whole pages, of up to 64 KiB, and whole microseconds. */
export function isAbout(seen: number | null, wanted: number | null, unit: 'bytes' | 'cpus'): boolean {
  if (seen === null || wanted === null) return seen === wanted;
  return Math.abs(seen - wanted) < (unit === 'bytes' ? 65_536 : 0.001);
}

function read({ directory }: CgroupDirectory, file: string): string | undefined {
  try {
    return readFileSync(join(directory, file), 'utf8').trim();
  } catch {
    return undefined;
  }
}

function write({ directory }: CgroupDirectory, file: string, value: string): void {
  writeFileSync(join(directory, file), value);
}

function writeIfThere(cgroup: CgroupDirectory, file: string, value: string): void {
  if (existsSync(join(cgroup.directory, file))) write(cgroup, file, value);
}
