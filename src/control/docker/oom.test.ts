import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disturbance } from '../../model/fault-spec.ts';
import { needs } from '../../testing/requirements.ts';
import { Containers, docker } from './containers.fixture.ts';
import { reach } from './disturbers.fixture.ts';
import { dockerOomKiller } from './oom.ts';
import { until } from '../driver.contract.ts';

const marker = 'test-oom';
const oom: Disturbance = { kind: 'oom_kill' };

describe.skipIf(!needs('docker'))('the kernel’s OOM killer', () => {
  let made: Containers;
  beforeEach(() => {
    made = new Containers('oom');
  });
  afterEach(() => made.removeAll());

  const inspect = (id: string, format: string) => docker('inspect', '--format', format, id);
  const limitsOf = (id: string) => inspect(id, '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}');
  const stateOf = (id: string) => inspect(id, '{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}');
  const none = `${2 ** 62} ${2 ** 63 - 4096}`;
  const bigger =
    'const child = require("child_process").spawn("node", ["-e", "const held = Buffer.alloc(60e6, 1); setInterval(() => held.length, 1000)"]); setInterval(() => child, 1000)';

  const cases = [
    { name: 'an HTTP node', options: {}, after: none },
    { name: 'a Redis node', options: { kind: 'redis' }, after: none },
    {
      name: 'a node with a limit',
      options: { args: ['--memory', '64m'] },
      after: `${64 * 2 ** 20} ${128 * 2 ** 20}`,
    },
    { name: 'a node of another user', options: { args: ['--user', '1000'] }, after: none },
    { name: 'a node under an init', options: { args: ['--init'] }, after: none },
    {
      name: 'a node whose child holds more than itself',
      options: { command: ['node', '-e', bigger] },
      after: none,
    },
  ] as const;
  for (const { name, options, after } of cases) {
    it(`ends ${name}, and its limits come back`, async () => {
      const id = await made.run(options);
      const { engine, containers } = reach(id);
      await until(
        async () => (await engine.memoryUsed(id)) > (name.includes('child') ? 60e6 : 1e6),
        'it to hold memory',
      );
      const killer = dockerOomKiller(containers);
      expect(await killer.refusal('web', oom)).toBeNull();
      const prepared = await killer.prepare('web', oom, marker);
      const before = await limitsOf(id);
      await killer.apply('web', oom, prepared);
      expect(await stateOf(id)).toBe('exited 137 true');
      expect(await killer.look('web', oom, prepared)).toMatchObject({ state: 'absent' });
      const limits = (await limitsOf(id)).split(' ').map(Number);
      expect(limits).toEqual((before === '0 0' ? after : before).split(' ').map(Number));
      expect(limits).toEqual(after.split(' ').map(Number));
      await docker('start', id);
      expect(await docker('exec', id, 'cat', '/proc/1/oom_score_adj')).toBe('0');
    });
  }

  it('leaves limits that another process can put back, were the first to die in between', async () => {
    const id = await made.run({ args: ['--restart', 'always', '--oom-score-adj', '100'] });
    const { engine, containers, fresh } = reach(id);
    const prepared = await dockerOomKiller(containers).prepare('web', oom, marker);
    const { wanted } = prepared as { wanted: { memory: number; memorySwap: number } };
    await engine.update(id, wanted);
    await docker('exec', id, 'sh', '-c', 'echo 1000 > /proc/1/oom_score_adj');
    const rescuer = dockerOomKiller(fresh);
    expect(await rescuer.look('web', oom, prepared)).toMatchObject({ state: 'present' });
    for (let time = 0; time < 2; time += 1) {
      await rescuer.remove('web', oom, prepared);
      expect(await rescuer.look('web', oom, prepared)).toMatchObject({ state: 'absent' });
      expect(await docker('exec', id, 'cat', '/proc/1/oom_score_adj')).toBe('100');
    }
    expect(await limitsOf(id)).not.toBe(`${wanted.memory} ${wanted.memorySwap}`);
  });

  it('is followed by a restart policy, which finds the limits as they were', async () => {
    const id = await made.run({ args: ['--restart', 'always'] });
    const { containers } = reach(id);
    const started = await inspect(id, '{{.State.StartedAt}}');
    const killer = dockerOomKiller(containers);
    const prepared = await killer.prepare('web', oom, marker);
    await killer.apply('web', oom, prepared);
    await until(
      async () => (await inspect(id, '{{.State.Status}} {{.State.StartedAt}}')) !== `running ${started}`,
      'the engine to start it again',
    );
    expect(await killer.look('web', oom, prepared)).toMatchObject({ state: 'absent' });
    expect(await docker('exec', id, 'cat', '/proc/1/oom_score_adj')).toBe('0');
  });
});
