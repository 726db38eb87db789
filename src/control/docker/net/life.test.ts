import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../../model/disturber.ts';
import type { Disturbance } from '../../../model/fault-spec.ts';
import { needs } from '../../../testing/requirements.ts';
import { docker } from '../containers.fixture.ts';
import { NodeGone } from '../../driver.ts';
import { markOf } from './mark.ts';
import { NetRig } from './net-rig.fixture.ts';
import { enterByPid } from './nsenter-way.ts';

const loss: Disturbance = { kind: 'loss', share: 0.01 };
const bandwidth: Disturbance = { kind: 'bandwidth', rate_kbit: 50_000 };
const blackHole: Disturbance = { kind: 'black_hole', share: 0.5 };
const everyKind: readonly (readonly [string, Disturbance])[] = [
  ['tbf', bandwidth],
  ['iptables', loss],
  ['iptables', { kind: 'reset', share: 0.5, after_bytes: 1000 }],
  ['iptables', blackHole],
  ['iptables', { kind: 'partition', from: 'clients', direction: 'both' }],
  ['iptables', { kind: 'partition', from: ['db'], direction: 'out' }],
  ['iptables', { kind: 'dns_failure', peers: ['db', 'db.shop.example'] }],
];

describe.skipIf(!needs('nsenter'))('what is put into a container’s network', () => {
  let rig: NetRig;
  beforeAll(async () => {
    rig = await NetRig.start('life', ['web', 'db']);
    // The filter table is there for good once there was a rule in it.
    await rig.within('web', 'sh', '-c', 'iptables -A INPUT -j ACCEPT && iptables -D INPUT -j ACCEPT');
  });
  afterAll(() => rig?.end());

  const prepare = (means: string, spec: Disturbance, node = 'web') =>
    rig.disturber(means).prepare(node, spec, rig.nextMarker());
  const apply = (means: string, spec: Disturbance, prepared: Json) =>
    rig.disturber(means).apply('web', spec, prepared);
  const remove = (means: string, spec: Disturbance, prepared: Json) =>
    rig.disturber(means).remove('web', spec, prepared);
  const look = (means: string, spec: Disturbance, prepared: Json) =>
    rig.disturber(means).look('web', spec, prepared);
  const stateOf = async (...args: Parameters<typeof look>) => (await look(...args)).state;
  /** The rules of all tables and the qdiscs, without times and counts. */
  const everything = async () =>
    (await rig.within('web', 'iptables-save')).replaceAll(/^#.*\n|\[\d+:\d+\]/gm, '') +
    (await rig.within('web', 'tc', 'qdisc', 'show'));

  it.each(everyKind)('%s %o: seen, taken away, and nothing of it left', async (means, spec) => {
    const before = await everything();
    expect(await rig.disturber(means).refusal('web', spec)).toBeNull();
    const prepared = await prepare(means, spec);
    expect(await everything()).toBe(before);
    expect(await stateOf(means, spec, prepared)).toBe('absent');
    await apply(means, spec, prepared);
    const { state, evidence } = await look(means, spec, prepared);
    expect(state).toBe('present');
    expect(evidence).toContain(`in container ${rig.node('web').id.slice(0, 12)} (nsenter, iptables v`);
    await remove(means, spec, prepared);
    expect(await stateOf(means, spec, prepared)).toBe('absent');
    await remove(means, spec, prepared);
    expect(await everything()).toBe(before);
  });

  it('leaves another’s root qdisc alone, before and after', async () => {
    const mine = await prepare('tbf', bandwidth);
    await rig.within(
      'web',
      ...'tc qdisc add dev eth0 root handle 77: tbf rate 1gbit burst 1mb latency 50ms'.split(' '),
    );
    const before = await everything();
    await expect(prepare('tbf', bandwidth)).rejects.toThrow(
      'a root qdisc is there already, and is not touched: qdisc tbf 77: on eth0',
    );
    expect(await rig.disturber('tbf').refusal('web', bandwidth)).toContain('qdisc tbf 77: on eth0');
    await expect(apply('tbf', bandwidth, mine)).rejects.toThrow(/^in container [0-9a-f]{12}: Error: /);
    expect(await stateOf('tbf', bandwidth, mine)).toBe('foreign');
    await remove('tbf', bandwidth, mine);
    expect(await everything()).toBe(before);
    await rig.within('web', ...'tc qdisc del dev eth0 root'.split(' '));
  });

  it('leaves others’ rules alone, those with a longer marker too', async () => {
    const disturber = rig.disturber('iptables');
    const [first, second] = [
      await disturber.prepare('web', loss, 'm-1'),
      await disturber.prepare('web', loss, 'm-11'),
    ];
    await rig.within(
      'web',
      ...'iptables -A INPUT -s 192.0.2.1 -m comment --comment orch-m -j DROP'.split(' '),
    );
    await disturber.apply('web', loss, second);
    const before = await everything();
    await disturber.apply('web', loss, first);
    expect(await stateOf('iptables', loss, first)).toBe('present');
    await remove('iptables', loss, first);
    expect(await everything()).toBe(before);
    expect(await stateOf('iptables', loss, second)).toBe('present');
    await remove('iptables', loss, second);
    await rig.within(
      'web',
      ...'iptables -D INPUT -s 192.0.2.1 -m comment --comment orch-m -j DROP'.split(' '),
    );
  });

  it('has several in force at once, but no two that need the same', async () => {
    const slow = await prepare('tbf', bandwidth);
    await apply('tbf', bandwidth, slow);
    const silent = await prepare('iptables', blackHole);
    await apply('iptables', blackHole, silent);
    const lossy = await prepare('iptables', loss);
    await apply('iptables', loss, lossy);
    await expect(prepare('tbf', bandwidth)).rejects.toThrow('a root qdisc is there already');
    await expect(prepare('iptables', blackHole)).rejects.toThrow('connections are marked there already');
    await remove('iptables', blackHole, silent);
    expect(await stateOf('iptables', blackHole, silent)).toBe('absent');
    expect(await stateOf('tbf', bandwidth, slow)).toBe('present');
    expect(await stateOf('iptables', loss, lossy)).toBe('present');
    await remove('iptables', loss, lossy);
    await remove('tbf', bandwidth, slow);
  });

  it('says partial where something of it was taken away by others, and takes the rest', async () => {
    const prepared = await prepare('iptables', blackHole);
    await apply('iptables', blackHole, prepared);
    await rig.within('web', 'iptables', '-D', 'INPUT', '1');
    expect(await look('iptables', blackHole, prepared)).toMatchObject({
      state: 'partial',
      evidence: expect.stringMatching(/^iptables: 17 of 18 rules with the comment orch-life-/),
    });
    await remove('iptables', blackHole, prepared);
    expect(await stateOf('iptables', blackHole, prepared)).toBe('absent');
    expect(await everything()).not.toContain('orch-');
  });

  it('is on each of a node’s networks', async () => {
    const second = `${rig.network}-2`;
    await docker('network', 'create', second);
    try {
      await docker('network', 'connect', second, rig.node('web').id);
      const prepared = await prepare('tbf', bandwidth);
      await apply('tbf', bandwidth, prepared);
      expect((await everything()).match(/qdisc tbf/g)).toHaveLength(2);
      await docker('network', 'disconnect', second, rig.node('web').id);
      expect(await stateOf('tbf', bandwidth, prepared)).toBe('partial');
      await remove('tbf', bandwidth, prepared);
      expect(await stateOf('tbf', bandwidth, prepared)).toBe('absent');
    } finally {
      await docker('network', 'rm', second);
    }
  });

  it('reaches a paused node', async () => {
    await docker('pause', rig.node('web').id);
    const prepared = await prepare('iptables', loss);
    await apply('iptables', loss, prepared);
    expect(await stateOf('iptables', loss, prepared)).toBe('present');
    await remove('iptables', loss, prepared);
    await docker('unpause', rig.node('web').id);
    expect(await stateOf('iptables', loss, prepared)).toBe('absent');
  });

  it('sees what a killed process still has at work, waits for it, and takes that away, too', async () => {
    const marker = rig.nextMarker();
    const prepared = await rig.disturber('tbf').prepare('web', bandwidth, marker);
    const { handle } = markOf(marker);
    const add = `tc qdisc add dev eth0 root handle ${handle}: tbf rate 1gbit burst 1mb latency 50ms`;
    const late = enterByPid(await rig.inspect('web'), `sleep 1 && ${add}`, marker);
    await sleep(200);
    expect(await look('tbf', bandwidth, prepared)).toMatchObject({
      state: 'partial',
      evidence: expect.stringMatching(/no qdisc \w+:, in container .*; process \d+ is at work on it$/),
    });
    await remove('tbf', bandwidth, prepared);
    expect(await late).toMatchObject({ code: 0 });
    expect(await stateOf('tbf', bandwidth, prepared)).toBe('absent');
  });

  it('ends with the container’s life: what was started anew is not touched', async () => {
    const prepared = await prepare('iptables', loss);
    await apply('iptables', loss, prepared);
    await docker('stop', '--time', '0', rig.node('web').id);
    expect(await look('iptables', loss, prepared)).toMatchObject({
      state: 'absent',
      evidence: expect.stringContaining('was started anew, or has ended, and its network namespace with it'),
    });
    await remove('iptables', loss, prepared);
    expect(await rig.disturber('iptables').refusal('web', loss)).toBe('web does not run');
    await docker('start', rig.node('web').id);
    expect(await everything()).not.toContain('orch-');
    expect(await stateOf('iptables', loss, prepared)).toBe('absent');
    await remove('iptables', loss, prepared);
    await expect(apply('iptables', loss, prepared)).rejects.toThrow('web was started anew');
  });

  it('is gone with the container', async () => {
    await rig.add('short');
    const prepared = await prepare('iptables', loss, 'short');
    await docker('rm', '--force', rig.node('short').id);
    await expect(rig.disturber('iptables').look('short', loss, prepared)).rejects.toThrow(NodeGone);
    await expect(rig.disturber('iptables').remove('short', loss, prepared)).rejects.toThrow(NodeGone);
  });
});
