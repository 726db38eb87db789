import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../testing/requirements.ts';
import { cgroupIn, cgroupOf } from './cgroup.ts';
import { cpusOf, limitCpus, limitMemory, memoryOf } from './cgroup-limits.ts';
import { parentThatLimits, planCgroup } from './process/own-cgroup.ts';

const v1 = [
  '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
  '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct',
  '35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory',
  '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
];
const v2 = ['30 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate'];

describe('where a process stands', () => {
  it('is read for each version', () => {
    const old = ['5:memory:/user/a:b', '2:cpu,cpuacct:/', '0::/elsewhere'];
    expect(cgroupIn(v1, old, 'memory')).toEqual({
      version: 1,
      directory: '/sys/fs/cgroup/memory/user/a:b',
      top: '/sys/fs/cgroup/memory',
    });
    expect(cgroupIn(v1, old, 'cpu')?.directory).toBe('/sys/fs/cgroup/cpu,cpuacct');
    expect(cgroupIn(v2, ['0::/user.slice/session-1.scope'], 'cpu')).toEqual({
      version: 2,
      directory: '/sys/fs/cgroup/user.slice/session-1.scope',
      top: '/sys/fs/cgroup',
    });
  });

  it('is unknown outside of what is mounted', () => {
    const part = ['35 31 0:32 /docker/1f2e /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory'];
    expect(cgroupIn(part, ['4:memory:/docker/1f2e/a'], 'memory')?.directory).toBe('/sys/fs/cgroup/memory/a');
    expect(cgroupIn(part, ['4:memory:/docker/5b1f'], 'memory')).toBeUndefined();
    expect(cgroupIn(v2, ['0::/../5b1f'], 'memory')).toBeUndefined();
    expect(cgroupIn([], [], 'cpu')).toBeUndefined();
  });

  it.skipIf(!needs('cgroups'))('is what this machine has', () => {
    for (const controller of ['cpu', 'memory'] as const) {
      const cgroup = cgroupOf(process.pid, controller);
      const inside = readFileSync(join(cgroup?.directory ?? '', 'cgroup.procs'), 'utf8').split('\n');
      expect(inside).toContain(String(process.pid));
    }
  });
});

describe('a tree of cgroups, v2', () => {
  let top: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'orch-cgroup-'));
    for (const [path, controllers] of [
      ['.', 'cpuset cpu io memory pids'],
      ['user.slice', 'memory pids'],
      ['user.slice/session', ''],
    ] as const) {
      mkdirSync(join(top, path), { recursive: true });
      writeFileSync(join(top, path, 'cgroup.subtree_control'), `${controllers}\n`);
    }
  });
  afterEach(() => rmSync(top, { recursive: true }));

  it('limits below the nearest that lets its children', () => {
    const session = { version: 2, directory: join(top, 'user.slice/session'), top } as const;
    expect(parentThatLimits(session, 'memory')).toBe(join(top, 'user.slice'));
    expect(parentThatLimits(session, 'cpu')).toBe(top);
    writeFileSync(join(top, 'cgroup.subtree_control'), 'pids\n');
    expect(parentThatLimits(session, 'cpu')).toBeUndefined();
  });

  it('is limited in the kernel’s words, and read back', () => {
    const own = { version: 2, directory: top } as const;
    expect(cpusOf(own)).toBeUndefined();
    writeFileSync(join(top, 'cpu.max'), 'max 100000\n');
    writeFileSync(join(top, 'memory.max'), 'max\n');
    writeFileSync(join(top, 'memory.swap.max'), 'max\n');
    expect([cpusOf(own), memoryOf(own)]).toEqual([null, null]);
    limitCpus(own, 0.25);
    limitMemory(own, 50_000_000);
    expect(readFileSync(join(top, 'cpu.max'), 'utf8')).toBe('25000 100000');
    expect(readFileSync(join(top, 'memory.swap.max'), 'utf8')).toBe('0');
    expect([cpusOf(own), memoryOf(own)]).toEqual([0.25, 50_000_000]);
  });
});

describe.skipIf(!needs('cgroups'))('a plan', () => {
  it('names a process’s own place, and one below or beside it that is not there yet', () => {
    const { from, directory } = planCgroup(process.pid, 'cpu', 'test-plan');
    expect(from).toBe(cgroupOf(process.pid, 'cpu')?.directory);
    expect(directory.endsWith('/orch_test-plan.cpu')).toBe(true);
    expect(() => readFileSync(join(directory, 'cgroup.procs'))).toThrow('ENOENT');
  });
});
