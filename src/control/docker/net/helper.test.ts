import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Disturbance } from '../../../model/fault-spec.ts';
import { needs } from '../../../testing/requirements.ts';
import { docker } from '../containers.fixture.ts';
import { demultiplexed } from '../log.ts';
import { helperWay, removeHelpersOf } from './helper-way.ts';
import { ask, NetRig, open } from './net-rig.fixture.ts';

const image = 'orch-net:local';
const reset: Disturbance = { kind: 'reset', share: 1, after_bytes: 0 };
const helpers = (marker: string) =>
  docker('ps', '--all', '--quiet', '--filter', `label=orch.helper=${marker}`);
const ofRun = (path: string) => docker('ps', '--all', '--quiet', '--filter', `label=orch.run=${path}`);
const runPath = `/runs/helper-${process.pid}`;

describe.skipIf(!needs('docker') || !needs('netImage'))('a helper container', () => {
  let rig: NetRig;
  beforeAll(async () => {
    rig = await NetRig.start('helper', ['web']);
  });
  afterAll(() => rig?.end());

  const remote = (named: string | undefined) =>
    rig.disturber('iptables', { isLocal: false, runPath, ...(named === undefined ? {} : { image: named }) });

  it('does what nsenter would, is said to, and is gone after each use', async () => {
    const disturber = remote(image);
    const marker = rig.nextMarker();
    expect(await disturber.refusal('web', reset)).toBeNull();
    const prepared = await disturber.prepare('web', reset, marker);
    expect(prepared).toMatchObject({ way: 'helper', image });
    await disturber.apply('web', reset, prepared);
    const { state, evidence } = await disturber.look('web', reset, prepared);
    expect(state).toBe('present');
    expect(evidence).toMatch(/\(helper container of orch-net:local, iptables v[\d.]+ \(\w+\)\)$/);
    const socket = open(await rig.addressOf('web'), 8000);
    expect((await ask(socket, '/bytes/10', 10, 1500)).came).toBe('ECONNREFUSED');
    // Another process, which was not told of an image, has it from what was prepared.
    await remote(undefined).remove('web', reset, prepared);
    expect((await remote(undefined).look('web', reset, prepared)).state).toBe('absent');
    expect(await helpers(marker)).toBe('');
  });

  it('that a killed process left is removed with what it did', async () => {
    const disturber = remote(image);
    const marker = rig.nextMarker();
    const prepared = await disturber.prepare('web', reset, marker);
    const others = `${marker}-of-another`;
    const leave = (value: string) =>
      docker(
        'run',
        '--detach',
        '--label',
        `orch.helper=${value}`,
        '--network',
        'none',
        image,
        'sleep',
        '600',
      );
    const another = await leave(others);
    await leave(marker);
    try {
      expect(await disturber.look('web', reset, prepared)).toMatchObject({
        state: 'partial',
        evidence: expect.stringMatching(/; helper container [0-9a-f]{12} is there for it$/),
      });
      await disturber.remove('web', reset, prepared);
      expect(await helpers(marker)).toBe('');
      expect(await helpers(others)).not.toBe('');
    } finally {
      await docker('rm', '--force', another);
    }
  });

  it('that a killed run left while it only looked is known by the run, and ended', async () => {
    const [mine, others] = [`/runs/${rig.nextMarker()}`, `/runs/${rig.nextMarker()}`];
    const looks = [mine, others].map((path) => helperWay(rig.engine, image, '', path).rehearse('sleep 60'));
    const ended = looks.map((one) => one.catch(() => {}));
    try {
      await expect.poll(() => ofRun(mine), { timeout: 10_000 }).not.toBe('');
      await expect.poll(() => ofRun(others), { timeout: 10_000 }).not.toBe('');
      await removeHelpersOf(rig.engine, mine);
      expect(await ofRun(mine)).toBe('');
      expect(await ofRun(others)).not.toBe('');
    } finally {
      await removeHelpersOf(rig.engine, mine);
      await removeHelpersOf(rig.engine, others);
      await Promise.all(ended);
    }
  });

  it('is asked for where it is not named, and judged where it is', async () => {
    const advice =
      'it takes orch as root on the engine’s machine, with iptables and iproute2 (the engine is on another machine), or an image with both of them as control.docker.net_image';
    expect(await remote(undefined).refusal('web', reset)).toBe(advice);
    expect(await remote('redis:7-alpine').refusal('web', reset)).toBe(
      `${advice}, where redis:7-alpine does not do (tc is not installed)`,
    );
    expect(await remote('orch-no-such:image').refusal('web', reset)).toContain(
      `${advice}, where orch-no-such:image does not do (No such image`,
    );
    await expect(remote(undefined).prepare('web', reset, 'm')).rejects.toThrow(advice);
    expect(await ofRun(runPath)).toBe('');
  });

  it('has its kernel tried in a namespace of its own', async () => {
    const netem = rig.disturber('netem', { isLocal: false, image });
    const kernel = await docker(
      'run',
      '--rm',
      '--network',
      'none',
      '--cap-add',
      'NET_ADMIN',
      image,
      'sh',
      '-c',
      'tc qdisc add dev lo root netem delay 1ms 2>&1 || true',
    );
    expect(await netem.refusal('web', { kind: 'latency', latency_ms: 5, jitter_ms: 0 })).toEqual(
      kernel === '' ? null : `the engine’s kernel or iptables cannot do it: ${kernel}`,
    );
  });
});

describe('a container’s log', () => {
  it('is parted into its streams', () => {
    const frame = (stream: number, text: string) =>
      Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
    const log = Buffer.concat([frame(1, 'one '), frame(2, 'two'), frame(1, 'three')]);
    expect(demultiplexed(log)).toEqual({ stdout: 'one three', stderr: 'two' });
    expect(demultiplexed(Buffer.alloc(0))).toEqual({ stdout: '', stderr: '' });
  });
});
