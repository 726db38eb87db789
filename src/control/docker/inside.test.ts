import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disturbance } from '../../model/fault-spec.ts';
import { needs } from '../../testing/requirements.ts';
import { Containers, docker } from './containers.fixture.ts';
import { dockerCpuStress } from './cpu-stress.ts';
import { dockerDiskFill } from './disk-fill.ts';
import { reach } from './disturbers.fixture.ts';
import { NodeGone } from '../driver.ts';
import { until } from '../driver.contract.ts';

const marker = 'test-inside';
const stress: Disturbance = { kind: 'cpu_stress', workers: 2 };
const fill: Disturbance = { kind: 'disk_fill', size_mb: 20.5, directory: '/tmp' };

describe.skipIf(!needs('docker'))('inside a container', () => {
  let made: Containers;
  beforeEach(() => {
    made = new Containers('inside');
  });
  afterEach(() => made.removeAll());

  /** Its processes in the container's own eyes, those that have ended and were not reaped too. */
  const processes = async (id: string) =>
    (await docker('exec', id, 'sh', '-c', 'cat /proc/[0-9]*/comm')).split('\n');

  describe('busy loops', () => {
    const percentOfOneCpu = async (id: string) =>
      Number.parseFloat(await docker('stats', '--no-stream', '--format', '{{.CPUPerc}}', id));

    it('use the container’s own processors, and are ended by another process that knows the journal', async () => {
      const id = await made.run({ args: ['--cpus', '0.6'] });
      const { containers, fresh } = reach(id);
      const disturber = dockerCpuStress(containers);
      const rescuer = dockerCpuStress(fresh);
      expect(await disturber.refusal('web', stress)).toBeNull();
      const prepared = await disturber.prepare('web', stress, marker);
      const neighbour = await disturber.prepare('web', stress, `${marker}-2`);
      await disturber.apply('web', stress, neighbour);
      expect(await rescuer.look('web', stress, prepared)).toMatchObject({ state: 'absent' });
      await disturber.apply('web', stress, prepared);
      await until(
        async () => (await rescuer.look('web', stress, prepared)).state === 'present',
        'them to run',
      );
      expect((await rescuer.look('web', stress, prepared)).evidence).toBe(
        `container ${id.slice(0, 12)} runs 2 of 2 busy loops`,
      );
      const used = await percentOfOneCpu(id);
      expect(used).toBeGreaterThan(30);
      expect(used).toBeLessThan(80);
      for (let time = 0; time < 2; time += 1) {
        await rescuer.remove('web', stress, prepared);
        await until(
          async () => (await rescuer.look('web', stress, prepared)).state === 'absent',
          'them to end',
        );
      }
      expect(await rescuer.look('web', stress, neighbour)).toMatchObject({ state: 'present' });
      await rescuer.remove('web', stress, neighbour);
      await until(
        async () => !(await processes(id)).includes('sh'),
        'nothing of them to be left, nor unreaped',
      );
    });

    it('of which one was ended are partly there', async () => {
      const id = await made.run({});
      const { containers } = reach(id);
      const disturber = dockerCpuStress(containers);
      const prepared = await disturber.prepare('web', stress, marker);
      await disturber.apply('web', stress, prepared);
      await until(
        async () => (await disturber.look('web', stress, prepared)).state === 'present',
        'them to run',
      );
      const first = 'grep -l "[o]rch_test" /proc/[0-9]*/cmdline | head -n 1 | cut -d / -f 3';
      await docker('exec', id, 'sh', '-c', `kill -9 $(${first})`);
      await until(
        async () => (await disturber.look('web', stress, prepared)).state === 'partial',
        'one to end',
      );
    });

    it('end with the container; while it is paused they cannot be ended, and that is said', async () => {
      const id = await made.run({});
      const { containers, fresh } = reach(id);
      const disturber = dockerCpuStress(fresh);
      const prepared = await dockerCpuStress(containers).prepare('web', stress, marker);
      await dockerCpuStress(containers).apply('web', stress, prepared);
      await until(
        async () => (await disturber.look('web', stress, prepared)).state === 'present',
        'them to run',
      );
      await docker('pause', id);
      expect(await disturber.look('web', stress, prepared)).toMatchObject({ state: 'present' });
      await expect(disturber.remove('web', stress, prepared)).rejects.toThrow('web is paused');
      await docker('unpause', id);
      await docker('kill', id);
      expect(await disturber.look('web', stress, prepared)).toMatchObject({ state: 'absent' });
      await disturber.remove('web', stress, prepared);
      await docker('start', id);
      expect(await disturber.look('web', stress, prepared)).toMatchObject({ state: 'absent' });
      await docker('rm', '--force', id);
      await expect(disturber.look('web', stress, prepared)).rejects.toThrow(NodeGone);
      await disturber.remove('web', stress, prepared);
    });
  });

  describe('a file', () => {
    const sizeOf = (id: string, path: string) => docker('exec', id, 'stat', '-c', '%s', path);
    const filesIn = (id: string, directory: string) => docker('exec', id, 'ls', '-A', directory);

    it('of exactly the size that was asked for is written, and removed by its name', async () => {
      const id = await made.run({});
      await docker('exec', id, 'touch', '/tmp/orch_theirs.fill');
      const { containers, fresh } = reach(id);
      const disturber = dockerDiskFill(containers);
      const rescuer = dockerDiskFill(fresh);
      expect(await disturber.refusal('web', fill)).toBeNull();
      const prepared = await disturber.prepare('web', fill, marker);
      expect(await rescuer.look('web', fill, prepared)).toMatchObject({ state: 'absent' });
      await disturber.apply('web', fill, prepared);
      await until(
        async () => (await rescuer.look('web', fill, prepared)).state === 'present',
        'it to be written',
      );
      const path = `/tmp/orch_${marker}.fill`;
      expect((await rescuer.look('web', fill, prepared)).evidence).toBe(
        `container ${id.slice(0, 12)}: ${path} has 20500000 of 20500000 bytes`,
      );
      expect(await sizeOf(id, path)).toBe('20500000');
      await docker('restart', '--time', '0', id);
      expect(await rescuer.look('web', fill, prepared)).toMatchObject({ state: 'present' });
      for (let time = 0; time < 2; time += 1) {
        await rescuer.remove('web', fill, prepared);
        expect(await rescuer.look('web', fill, prepared)).toMatchObject({ state: 'absent' });
      }
      expect(await filesIn(id, '/tmp')).toBe('orch_theirs.fill');
    });

    it('stays smaller where the disk is full', async () => {
      const id = await made.run({ args: ['--tmpfs', '/small:size=4m'] });
      const { containers } = reach(id);
      const disturber = dockerDiskFill(containers);
      const spec: Disturbance = { ...fill, directory: '/small' };
      const prepared = await disturber.prepare('web', spec, marker);
      await disturber.apply('web', spec, prepared);
      await until(
        async () => (await disturber.look('web', spec, prepared)).state === 'present',
        'the disk to be full',
      );
      expect(await sizeOf(id, `/small/orch_${marker}.fill`)).toBe(String(4 * 2 ** 20));
      expect(await docker('exec', id, 'df', '/small')).toContain('100%');
      await disturber.remove('web', spec, prepared);
      expect(await filesIn(id, '/small')).toBe('');
    });

    it('that is still being written is partly there, and can be removed all the same', async () => {
      const id = await made.run({});
      const { containers, fresh } = reach(id);
      const spec: Disturbance = { ...fill, size_mb: 5_000 };
      const prepared = await dockerDiskFill(containers).prepare('web', spec, marker);
      await dockerDiskFill(containers).apply('web', spec, prepared);
      const rescuer = dockerDiskFill(fresh);
      await until(
        async () => (await rescuer.look('web', spec, prepared)).state === 'partial',
        'it to be begun',
      );
      await rescuer.remove('web', spec, prepared);
      expect(await rescuer.look('web', spec, prepared)).toMatchObject({ state: 'absent' });
      await sleep(200);
      expect(await filesIn(id, '/tmp')).toBe('');
      const left = await processes(id);
      for (const name of ['sh', 'dd', 'head']) expect(left).not.toContain(name);
    });

    it('that would leave the machine’s disk too little is refused, before and as it is made', async () => {
      const disturber = dockerDiskFill(reach(await made.run({})).containers);
      const spec: Disturbance = { ...fill, size_mb: 1_000_000_000 };
      const problem =
        /^a file of 1000000000 MB is too large for the disk of \/tmp in web, .*: \d+ MB at most$/;
      expect(await disturber.refusal('web', spec)).toMatch(problem);
      await expect(disturber.prepare('web', spec, marker)).rejects.toThrow(problem);
    });

    it('cannot be made where there is no directory to write to, and that is said before', async () => {
      const id = await made.run({ args: ['--user', '1000'] });
      const { containers } = reach(id);
      for (const directory of ['/nowhere', '/etc']) {
        const spec: Disturbance = { ...fill, directory };
        const problem = `${directory} in web is no directory that its own user may write to`;
        expect(await dockerDiskFill(containers).refusal('web', spec)).toBe(problem);
        await expect(dockerDiskFill(containers).prepare('web', spec, marker)).rejects.toThrow(problem);
      }
      await docker('kill', id);
      expect(await dockerDiskFill(containers).refusal('web', fill)).toBe(
        'it is stopped, so that nothing can be run in it',
      );
    });
  });

  it('what an image lacks is named', async () => {
    const without = (...files: string[]) => {
      const text = `for (const file of ${JSON.stringify(files)}) require('fs').unlinkSync(file); setInterval(() => {}, 1000)`;
      return made.run({ command: ['node', '-e', text] });
    };
    const noShell = reach(await without('/bin/sh')).containers;
    const noHead = reach(await without('/usr/bin/head', '/bin/dd')).containers;
    await until(
      async () => (await dockerDiskFill(noHead).refusal('web', fill)) !== null,
      'the files to be gone',
    );
    expect(await dockerDiskFill(noHead).refusal('web', fill)).toBe('its image has no dd, no head');
    await until(
      async () => (await dockerCpuStress(noShell).refusal('web', stress)) !== null,
      'the shell to be gone',
    );
    expect(await dockerCpuStress(noShell).refusal('web', stress)).toBe('its image has no shell (sh)');
  });
});
