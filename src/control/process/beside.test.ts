import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disturber, Json } from '../../model/disturber.ts';
import type { Disturbance } from '../../model/fault-spec.ts';
import { canMount, needs } from '../../testing/requirements.ts';
import { cgroupOf } from '../cgroup.ts';
import { until } from '../driver.contract.ts';
import { taggedProcesses } from './embedded-node.ts';
import { EmbeddedNodes, nobody, programs } from './embedded-nodes.fixture.ts';
import { endLeftOver } from './left-over.ts';
import { processCpuStress } from './cpu-stress.ts';
import { processDiskFill } from './disk-fill.ts';
import { processCpuLimit } from './limits.ts';

const marker = `test-${process.pid}`;
const cpuLimit: Disturbance = { kind: 'cpu_limit', cpus: 0.2 };
const stress: Disturbance = { kind: 'cpu_stress', workers: 2 };
const fill: Disturbance = { kind: 'disk_fill', size_mb: 20.5, directory: '/tmp' };

let nodes: EmbeddedNodes;
beforeEach(() => {
  nodes = new EmbeddedNodes();
});
afterEach(() => nodes.endAll());

const journaled = (prepared: unknown) => JSON.parse(JSON.stringify(prepared));
const stateOf = async (disturber: Disturber, spec: Disturbance, prepared: Json) =>
  (await disturber.look('web', spec, prepared)).state;

describe.skipIf(!needs('proc'))('beside an embedded node', () => {
  it('busy loops run in the node’s own cgroup, and are ended by another process that knows the journal', async () => {
    const { life, find } = await nodes.start('idle');
    const disturber = processCpuStress(find);
    expect(await disturber.refusal('web', stress)).toBeNull();
    const prepared = journaled(await disturber.prepare('web', stress, marker));
    await disturber.apply('web', stress, prepared);
    const rescuer = processCpuStress(nobody);
    await until(async () => (await stateOf(rescuer, stress, prepared)) === 'present', 'them to run');
    for (const pid of taggedProcesses(marker)) {
      for (const controller of ['cpu', 'memory'] as const) {
        expect(cgroupOf(pid, controller)).toEqual(cgroupOf(life.pid, controller));
      }
    }
    process.kill(taggedProcesses(marker)[0] ?? 0, 'SIGKILL');
    await until(async () => (await stateOf(rescuer, stress, prepared)) === 'partial', 'one to end');
    for (let time = 0; time < 2; time += 1) {
      await rescuer.remove('web', stress, prepared);
      await until(async () => (await stateOf(rescuer, stress, prepared)) === 'absent', 'them to end');
    }
  });

  it.skipIf(!needs('cgroups'))('busy loops share the node’s limit', async () => {
    const { find } = await nodes.start('idle');
    const limited = journaled(await processCpuLimit(find).prepare('web', cpuLimit, marker));
    await processCpuLimit(find).apply('web', cpuLimit, limited);
    const prepared = journaled(await processCpuStress(find).prepare('web', stress, marker));
    await processCpuStress(find).apply('web', stress, prepared);
    const throttled = () =>
      Number(/nr_throttled (\d+)/.exec(readFileSync(join(limited.own.directory, 'cpu.stat'), 'utf8'))?.[1]);
    await until(() => throttled() >= 3, 'them to be throttled');
    await processCpuLimit(nobody).remove('web', cpuLimit, limited);
    expect(await stateOf(processCpuLimit(nobody), cpuLimit, limited)).toBe('absent');
    expect(taggedProcesses(marker)).toHaveLength(2);
    await processCpuStress(nobody).remove('web', stress, prepared);
  });

  it('busy loops end with the node', async () => {
    const { life, find } = await nodes.start('idle');
    const disturber = processCpuStress(find);
    const prepared = journaled(await disturber.prepare('web', stress, marker));
    await disturber.apply('web', stress, prepared);
    await until(() => taggedProcesses(marker).length === 2, 'them to run');
    await life.end(0);
    await until(() => taggedProcesses(marker).length === 0, 'them to end by themselves');
  });

  it('a file of exactly the size that was asked for fills the home, and is removed by its name', async () => {
    const { find } = await nodes.start('idle');
    const disturber = processDiskFill(find);
    expect(await disturber.refusal('web', fill)).toBeNull();
    expect(await disturber.refusal('web', { ...fill, directory: '/var' })).toContain('its home only');
    const prepared = journaled(await disturber.prepare('web', fill, marker));
    const rescuer = processDiskFill(nobody);
    expect(await stateOf(rescuer, fill, prepared)).toBe('absent');
    await disturber.apply('web', fill, prepared);
    await until(async () => (await stateOf(rescuer, fill, prepared)) === 'present', 'it to be written');
    const path = join(nodes.home, `orch_${marker}.fill`);
    expect(statSync(path).size).toBe(20_500_000);
    expect((await rescuer.look('web', fill, prepared)).evidence).toBe(
      `${path} has 20500000 of 20500000 bytes`,
    );
    for (let time = 0; time < 2; time += 1) {
      await rescuer.remove('web', fill, prepared);
      expect(await stateOf(rescuer, fill, prepared)).toBe('absent');
    }
    expect(readdirSync(nodes.home)).toEqual(['pid']);
  });

  it('a file that is still being written is partly there, and can be removed all the same', async () => {
    const { find } = await nodes.start('idle');
    const spec: Disturbance = { ...fill, size_mb: 20_000 };
    const prepared = journaled(await processDiskFill(find).prepare('web', spec, marker));
    await processDiskFill(find).apply('web', spec, prepared);
    const rescuer = processDiskFill(nobody);
    await until(async () => (await stateOf(rescuer, spec, prepared)) === 'partial', 'it to be begun');
    await rescuer.remove('web', spec, prepared);
    await sleep(200);
    expect(await stateOf(rescuer, spec, prepared)).toBe('absent');
    expect(readdirSync(nodes.home)).toEqual(['pid']);
    expect(taggedProcesses(marker)).toEqual([]);
  });

  it.skipIf(!canMount())('a file stays smaller where the disk is full', async () => {
    const home = nodes.home;
    mkdirSync(home);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', home]);
    try {
      const { life, find } = await nodes.start('idle');
      const disturber = processDiskFill(find);
      const prepared = journaled(await disturber.prepare('web', fill, marker));
      await disturber.apply('web', fill, prepared);
      await until(
        async () => (await stateOf(disturber, fill, prepared)) === 'present',
        'the disk to be full',
      );
      const { size } = statSync(join(home, `orch_${marker}.fill`));
      expect(size).toBeLessThanOrEqual(4 * 2 ** 20);
      expect(size).toBeGreaterThan(3 * 2 ** 20);
      await disturber.remove('web', fill, prepared);
      expect(readdirSync(home)).toEqual(['pid']);
      await life.end(0);
    } finally {
      execFileSync('umount', [home]);
    }
  });

  it.skipIf(!needs('cgroups'))('nothing is left once the run’s own process was killed', async () => {
    const at = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
    const script = `
      import { mkdirSync } from 'node:fs';
      const { EmbeddedProcess } = await import(${at('./embedded-process.ts')});
      const { processResourceDisturbers } = await import(${at('./resources.ts')});
      const home = ${JSON.stringify(nodes.home)};
      mkdirSync(home);
      const args = ['-e', ${JSON.stringify(`${programs.idle}; console.log('ready')`)}];
      const life = await EmbeddedProcess.start({ command: process.execPath, args, env: {}, cwd: home, ready: /ready/ });
      const specs = { cpu_limit: { cpus: 0.2 }, cpu_stress: { workers: 2 }, memory_limit: { limit_mb: 500 }, disk_fill: { size_mb: 5_000 } };
      const specOf = ([kind]) => ({ kind, ...specs[kind] });
      const own = [];
      for (const disturber of processResourceDisturbers(() => life.node)) {
        const spec = specOf(disturber.kinds);
        if (spec.kind === 'oom_kill') continue;
        // In cgroup v2 a process is in one cgroup only, so that one limit goes without the other.
        if (spec.kind === 'memory_limit' && (await disturber.refusal('web', spec)) !== null) continue;
        const prepared = await disturber.prepare('web', spec, ${JSON.stringify(marker)});
        await disturber.apply('web', spec, prepared);
        if (prepared.own) own.push(prepared.own.directory);
      }
      console.log(JSON.stringify(own));
      setInterval(() => {}, 1000);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const directories = JSON.parse(said.toString()) as string[];
    expect(directories.filter(existsSync)).toHaveLength(directories.length);
    expect(directories.length).toBeGreaterThan(0);
    await until(() => taggedProcesses(marker).length >= 3, 'busy loops and dd to run');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await endLeftOver(nodes.homes);
    expect(taggedProcesses(marker)).toEqual([]);
    expect(directories.filter(existsSync)).toEqual([]);
    expect(existsSync(nodes.homes)).toBe(false);
  });

  it('busy loops end with the process that started them', async () => {
    const { life } = await nodes.start('idle');
    const script = `
      const { processCpuStress } = await import(${JSON.stringify(new URL('./cpu-stress.ts', import.meta.url).href)});
      const disturber = processCpuStress(() => (${JSON.stringify(life.node)}));
      const spec = { kind: 'cpu_stress', workers: 2 };
      await disturber.apply('web', spec, await disturber.prepare('web', spec, ${JSON.stringify(marker)}));
      console.log('applied');
      setInterval(() => {}, 1000);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    await until(() => taggedProcesses(marker).length === 2, 'them to run');
    parent.kill('SIGKILL');
    await until(() => taggedProcesses(marker).length === 0, 'them to end by themselves');
    expect(life.look().state).toBe('running');
  });
});
