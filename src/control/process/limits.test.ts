import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disturber, Json } from '../../model/disturber.ts';
import type { Disturbance } from '../../model/fault-spec.ts';
import { needs } from '../../testing/requirements.ts';
import { cgroupOf } from '../cgroup.ts';
import { limitMemory } from '../cgroup-limits.ts';
import { until } from '../driver.contract.ts';
import { EmbeddedNodes, nobody } from './embedded-nodes.fixture.ts';
import { makeCgroup, moveTo, type OwnCgroup } from './own-cgroup.ts';
import { processCpuLimit, processMemoryLimit } from './limits.ts';
import { processOomKiller } from './oom.ts';

const marker = `test-${process.pid}`;
const oom: Disturbance = { kind: 'oom_kill' };
const cpuLimit: Disturbance = { kind: 'cpu_limit', cpus: 0.2 };

let nodes: EmbeddedNodes;
beforeEach(() => {
  nodes = new EmbeddedNodes();
});
afterEach(() => nodes.endAll());

const journaled = (prepared: unknown) => JSON.parse(JSON.stringify(prepared));
const stateOf = async (disturber: Disturber, spec: Disturbance, prepared: Json) =>
  (await disturber.look('web', spec, prepared)).state;

describe.skipIf(!needs('cgroups'))('an embedded node in a cgroup of our own', () => {
  it('gets less processor time, and returns to the cgroup that it came from', async () => {
    const { life, find } = await nodes.start('busy');
    const from = cgroupOf(life.pid, 'cpu')?.directory;
    const disturber = processCpuLimit(find);
    expect(await disturber.refusal('web', cpuLimit)).toBeNull();
    expect(await disturber.refusal('web', { ...cpuLimit, cpus: 1000 })).toMatch(
      /^web may use no more than [\d.]+ processors as it is$/,
    );
    const prepared = journaled(await disturber.prepare('web', cpuLimit, marker));
    const rescuer = processCpuLimit(nobody);
    expect(await stateOf(rescuer, cpuLimit, prepared)).toBe('absent');
    await disturber.apply('web', cpuLimit, prepared);
    expect(await rescuer.look('web', cpuLimit, prepared)).toEqual({
      state: 'present',
      evidence: `${prepared.own.directory}: pid ${life.pid} has 0.2 processors`,
    });
    expect(cgroupOf(life.pid, 'cpu')?.directory).toBe(prepared.own.directory);
    const throttled = () =>
      Number(/nr_throttled (\d+)/.exec(readFileSync(join(prepared.own.directory, 'cpu.stat'), 'utf8'))?.[1]);
    await until(() => throttled() >= 3, 'the kernel to throttle it in three periods');
    expect(await disturber.refusal('web', cpuLimit)).toContain('another fault has put it into');
    for (let time = 0; time < 2; time += 1) {
      await rescuer.remove('web', cpuLimit, prepared);
      expect(await stateOf(rescuer, cpuLimit, prepared)).toBe('absent');
    }
    expect(cgroupOf(life.pid, 'cpu')?.directory).toBe(from);
    expect(existsSync(prepared.own.directory)).toBe(false);
  });

  it('is held to its memory: what it had, and what is left of the whole', async () => {
    const { life, find } = await nodes.start('hungry');
    const disturber = processMemoryLimit(find);
    const limit = (limit_mb: number): Disturbance => ({ kind: 'memory_limit', limit_mb });
    expect(await disturber.refusal('web', limit(1e9))).toMatch(
      /^web may use no more than \d+\.\d MB as it is$/,
    );
    await expect(disturber.prepare('web', limit(6), marker)).rejects.toThrow(
      /^web uses \d+\.\d MB: a limit of 6 MB would have the kernel kill it at once$/,
    );
    const spec = limit(150);
    const prepared = journaled(await disturber.prepare('web', spec, marker));
    await disturber.apply('web', spec, prepared);
    expect(await stateOf(processMemoryLimit(nobody), spec, prepared)).toBe('present');
    const held = () =>
      Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${life.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    let most = 0;
    for (let asked = 0; asked < 20 && life.look().state === 'running'; asked += 1) {
      life.signal('SIGUSR2');
      await sleep(100);
      if (life.look().state === 'running') most = Math.max(most, held());
    }
    expect(life.look().evidence).toBe(`pid ${life.pid} is gone: SIGKILL`);
    // Its program, some 60 MB of files that the kernel can take back, does not count.
    expect(most).toBeLessThan(220e6);
    expect(await stateOf(disturber, spec, prepared)).toBe('partial');
    await processMemoryLimit(nobody).remove('web', spec, prepared);
    expect(await stateOf(disturber, spec, prepared)).toBe('absent');
  });

  it('that was started anew meanwhile is where all are, and nothing is left of the cgroup', async () => {
    const { life, find } = await nodes.start('idle');
    const disturber = processCpuLimit(find);
    const prepared = journaled(await disturber.prepare('web', cpuLimit, marker));
    await disturber.apply('web', cpuLimit, prepared);
    await life.end(0);
    const next = await nodes.start('idle');
    expect(await stateOf(disturber, cpuLimit, prepared)).toBe('partial');
    await disturber.remove('web', cpuLimit, prepared);
    expect(await stateOf(disturber, cpuLimit, prepared)).toBe('absent');
    expect(cgroupOf(next.life.pid, 'cpu')?.directory).toBe(prepared.own.from);
    await expect(disturber.apply('web', cpuLimit, prepared)).rejects.toThrow(`pid ${life.pid} is gone`);
  });

  it('is killed by the kernel for want of memory', async () => {
    const { life, find } = await nodes.start('idle');
    const killer = processOomKiller(find);
    expect(await killer.refusal('web', oom)).toBeNull();
    const prepared = journaled(await killer.prepare('web', oom, marker));
    await killer.apply('web', oom, prepared);
    expect(await life.ends(2000)).toBe(true);
    expect(life.look().evidence).toBe(`pid ${life.pid} is gone: SIGKILL`);
    expect(await killer.look('web', oom, prepared)).toMatchObject({ state: 'absent' });
    expect(await killer.refusal('web', oom)).toBe(`it is stopped: pid ${life.pid} is gone`);
  });

  it('that is to be killed for want of memory is set free by another process, were the first to die in between', async () => {
    const { life, find } = await nodes.start('idle');
    const prepared = journaled(await processOomKiller(find).prepare('web', oom, marker));
    const own: OwnCgroup = prepared.own;
    makeCgroup(own, life.node.home);
    limitMemory(own, 50_000_000);
    execFileSync('sh', ['-c', `echo 1000 > /proc/${life.pid}/oom_score_adj`]);
    moveTo(own.directory, life.pid);
    const rescuer = processOomKiller(nobody);
    expect(await rescuer.look('web', oom, prepared)).toMatchObject({ state: 'present' });
    for (let time = 0; time < 2; time += 1) {
      await rescuer.remove('web', oom, prepared);
      expect(await rescuer.look('web', oom, prepared)).toMatchObject({ state: 'absent' });
      expect(readFileSync(`/proc/${life.pid}/oom_score_adj`, 'utf8').trim()).toBe(prepared.score);
    }
    expect(cgroupOf(life.pid, 'memory')?.directory).toBe(own.from);
    expect(life.look().state).toBe('running');
  });

  it.skipIf(!isReadable())('is refused to a user who may not, with what is missing', () => {
    const script = `
      const { obstacle } = await import(${JSON.stringify(new URL('./limits.ts', import.meta.url).href)});
      const { lookUp } = await import(${JSON.stringify(new URL('../process-table.ts', import.meta.url).href)});
      const { startTime } = lookUp(process.pid);
      console.log(obstacle({ pid: process.pid, startTime, home: '/' }, 'cpu'));
    `;
    const says = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      uid: 65_534,
      gid: 65_534,
      cwd: '/',
    });
    expect(says.toString()).toMatch(/^\/\S+ cannot be written, root may be needed: EACCES/);
  });
});

/** Whether another user may read this checkout, and run what it runs with. */
function isReadable(): boolean {
  try {
    const args = ['-e', 'require("fs").readFileSync(process.argv[1])', fileURLToPath(import.meta.url)];
    execFileSync(process.execPath, args, { uid: 65_534, gid: 65_534, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
