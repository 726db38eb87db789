import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disturber } from '../../model/disturber.ts';
import type { Disturbance } from '../../model/fault-spec.ts';
import { needs } from '../../testing/requirements.ts';
import { cpusOf, memoryOf } from '../cgroup-limits.ts';
import { Containers, docker } from './containers.fixture.ts';
import type { NodeContainers } from './node-containers.ts';
import { dockerCpuLimit } from './cpu-limit.ts';
import { reach } from './disturbers.fixture.ts';
import { cgroupOfContainer } from './kernel.ts';
import { dockerMemoryLimit } from './memory-limit.ts';
import { NodeGone } from '../driver.ts';
import { until } from '../driver.contract.ts';

const marker = 'test-limits';
const cpuLimit: Disturbance = { kind: 'cpu_limit', cpus: 0.2 };
const memoryLimit: Disturbance = { kind: 'memory_limit', limit_mb: 150 };

describe.skipIf(!needs('docker'))('a container’s limits', () => {
  let made: Containers;
  beforeEach(() => {
    made = new Containers('limits');
  });
  afterEach(() => made.removeAll());

  const limitsOf = async (id: string) => {
    const format =
      '{{with .HostConfig}}{{.NanoCpus}} {{.CpuPeriod}} {{.CpuQuota}} {{.Memory}} {{.MemorySwap}}{{end}}';
    const [nanoCpus, period, quota, memory, swap] = (await docker('inspect', '--format', format, id)).split(
      ' ',
    );
    return {
      nanoCpus: Number(nanoCpus),
      period: Number(period),
      quota: Number(quota),
      memory: Number(memory),
      swap: Number(swap),
    };
  };
  const pidOf = async (id: string) => Number(await docker('inspect', '--format', '{{.State.Pid}}', id));

  async function lives(
    make: (containers: NodeContainers) => Disturber,
    spec: Disturbance,
    id: string,
    during: () => Promise<void>,
  ): Promise<void> {
    const { containers, fresh } = reach(id);
    const disturber = make(containers);
    const rescuer = make(fresh);
    expect(await disturber.refusal('web', spec)).toBeNull();
    // What is journaled is text.
    const prepared = JSON.parse(JSON.stringify(await disturber.prepare('web', spec, marker)));
    expect((await rescuer.look('web', spec, prepared)).state).toBe('absent');
    await disturber.apply('web', spec, prepared);
    expect((await rescuer.look('web', spec, prepared)).state).toBe('present');
    await during();
    for (let time = 0; time < 2; time += 1) {
      await rescuer.remove('web', spec, prepared);
      expect((await rescuer.look('web', spec, prepared)).state).toBe('absent');
    }
  }

  describe('of processors', () => {
    const priors = [
      { name: 'none', args: [], after: { nanoCpus: 0, period: 0, quota: -1 } },
      { name: '--cpus', args: ['--cpus', '0.5'], after: { nanoCpus: 5e8, period: 0, quota: 0 } },
      {
        name: '--cpu-quota and --cpu-period',
        args: ['--cpu-quota', '25000', '--cpu-period', '50000'],
        after: { nanoCpus: 0, period: 50_000, quota: 25_000 },
      },
    ];
    for (const { name, args, after } of priors) {
      it(`are lowered, and come back as they were: ${name}`, async () => {
        const id = await made.run({ args, command: ['sh', '-c', 'while :; do :; done'] });
        const kernel = cgroupOfContainer(await pidOf(id), id, 'cpu');
        const before = kernel && cpusOf(kernel);
        await lives(dockerCpuLimit, cpuLimit, id, async () => {
          const { nanoCpus, period, quota } = await limitsOf(id);
          expect(nanoCpus > 0 ? nanoCpus / 1e9 : quota / (period || 100_000)).toBeCloseTo(0.2);
          if (kernel === undefined) return;
          expect(cpusOf(kernel)).toBeCloseTo(0.2);
          const throttled = () =>
            Number(/nr_throttled (\d+)/.exec(readFileSync(join(kernel.directory, 'cpu.stat'), 'utf8'))?.[1]);
          const at = throttled();
          await until(() => throttled() >= at + 3, 'the kernel to throttle it in three periods');
        });
        expect(await limitsOf(id)).toMatchObject(after);
        if (kernel !== undefined) expect(cpusOf(kernel)).toBe(before);
      });
    }

    it('that are lower already are no fault, nor are more than the machine has', async () => {
      const limited = dockerCpuLimit(reach(await made.run({ args: ['--cpus', '0.1'] })).containers);
      const problem = 'web may use no more than 0.1 processors as it is';
      expect(await limited.refusal('web', cpuLimit)).toBe(problem);
      await expect(limited.prepare('web', cpuLimit, marker)).rejects.toThrow(problem);
      const free = dockerCpuLimit(reach(await made.run({})).containers);
      expect(await free.refusal('web', { kind: 'cpu_limit', cpus: 1000 })).toBe(
        `web may use no more than ${await docker('info', '--format', '{{.NCPU}}')} processors as it is`,
      );
    });

    it('that are less than the kernel takes in the container’s period are refused', async () => {
      const id = await made.run({ args: ['--cpu-quota', '5000', '--cpu-period', '5000'] });
      const tiny: Disturbance = { kind: 'cpu_limit', cpus: 0.01 };
      await expect(dockerCpuLimit(reach(id).containers).prepare('web', tiny, marker)).rejects.toThrow(
        'web has a period of 5000 µs: 0.01 processors are 50 µs of it, and the kernel’s least is 1000 µs',
      );
    });
  });

  describe('of memory', () => {
    const priors = [
      { name: 'none', args: [], after: { memory: 2 ** 62, swap: 2 ** 63 - 4096 }, kernelAfter: null },
      {
        name: '--memory',
        args: ['--memory', '400m'],
        after: { memory: 400 * 2 ** 20, swap: 800 * 2 ** 20 },
        kernelAfter: 400 * 2 ** 20,
      },
      {
        name: '--memory without swap',
        args: ['--memory', '400m', '--memory-swap', '400m'],
        after: { memory: 400 * 2 ** 20, swap: 400 * 2 ** 20 },
        kernelAfter: 400 * 2 ** 20,
      },
    ];
    for (const { name, args, after, kernelAfter } of priors) {
      it(`is lowered, and comes back as it was: ${name}`, async () => {
        const id = await made.run({ args });
        const kernel = cgroupOfContainer(await pidOf(id), id, 'memory');
        await lives(dockerMemoryLimit, memoryLimit, id, async () => {
          expect(await limitsOf(id)).toMatchObject({ memory: 150e6, swap: 150e6 });
          if (kernel !== undefined) expect(memoryOf(kernel)).toBe(Math.floor(150e6 / 4096) * 4096);
        });
        expect(await limitsOf(id)).toMatchObject(after);
        if (kernel !== undefined) expect(memoryOf(kernel)).toBe(kernelAfter);
      });
    }

    it('below what is used is refused with the figure, and so is what the engine does not take', async () => {
      const id = await made.run({
        command: ['node', '-e', 'const held = Buffer.alloc(80e6, 1); setInterval(() => held.length, 1000)'],
      });
      const { engine, containers } = reach(id);
      await until(async () => (await engine.memoryUsed(id)) > 80e6, 'the container to hold it');
      const disturber = dockerMemoryLimit(containers);
      const small: Disturbance = { kind: 'memory_limit', limit_mb: 60 };
      const problem = /^web uses (8|9|1\d)\d\.\d MB: a limit of 60 MB would have the kernel kill it at once$/;
      expect(await disturber.refusal('web', small)).toMatch(problem);
      await expect(disturber.prepare('web', small, marker)).rejects.toThrow(problem);
      expect(await disturber.refusal('web', { kind: 'memory_limit', limit_mb: 1_000_000_000 })).toMatch(
        /^web may use no more than \d+\.\d MB as it is$/,
      );
      expect(await disturber.refusal('web', { kind: 'memory_limit', limit_mb: 6 })).toBe(
        'the engine takes 6.3 MB at least',
      );
    });
  });

  it('that somebody sets to a third value are theirs', async () => {
    const id = await made.run({});
    const { containers, fresh } = reach(id);
    for (const [make, spec, theirs, kept] of [
      [dockerCpuLimit, cpuLimit, ['--cpu-quota', '33000'], { quota: 33_000 }],
      [
        dockerMemoryLimit,
        memoryLimit,
        ['--memory', '200m', '--memory-swap', '300m'],
        { memory: 200 * 2 ** 20 },
      ],
    ] as const) {
      const prepared = await make(containers).prepare('web', spec, marker);
      await make(containers).apply('web', spec, prepared);
      await docker('update', ...theirs, id);
      expect((await make(fresh).look('web', spec, prepared)).state).toBe('foreign');
      await make(fresh).remove('web', spec, prepared);
      expect(await limitsOf(id)).toMatchObject(kept);
    }
  });

  it('outlive a restart, and can be taken back from a container that is stopped', async () => {
    const id = await made.run({ args: ['--cpus', '0.5'] });
    const { containers, fresh } = reach(id);
    const prepared = await dockerCpuLimit(containers).prepare('web', cpuLimit, marker);
    await dockerCpuLimit(containers).apply('web', cpuLimit, prepared);
    await docker('restart', '--time', '0', id);
    expect(await dockerCpuLimit(fresh).look('web', cpuLimit, prepared)).toMatchObject({ state: 'present' });
    await docker('kill', id);
    await dockerCpuLimit(fresh).remove('web', cpuLimit, prepared);
    expect(await dockerCpuLimit(fresh).look('web', cpuLimit, prepared)).toMatchObject({ state: 'absent' });
    expect(await limitsOf(id)).toMatchObject({ nanoCpus: 5e8 });
  });

  it('are gone with a container that was replaced, and its successor keeps its own', async () => {
    const id = await made.run({});
    const { containers, fresh } = reach(id);
    const prepared = await dockerCpuLimit(containers).prepare('web', cpuLimit, marker);
    await dockerCpuLimit(containers).apply('web', cpuLimit, prepared);
    await docker('rm', '--force', id);
    const other = await made.run({ args: ['--cpus', '0.2'] });
    await expect(dockerCpuLimit(fresh).look('web', cpuLimit, prepared)).rejects.toThrow(NodeGone);
    await dockerCpuLimit(fresh).remove('web', cpuLimit, prepared);
    expect(await limitsOf(other)).toMatchObject({ nanoCpus: 2e8 });
  });
});
