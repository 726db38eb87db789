import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Disturbance } from '../../../model/fault-spec.ts';
import { needs } from '../../../testing/requirements.ts';
import { docker } from '../containers.fixture.ts';
import { dockerNetDisturbers } from './disturbers.ts';
import { NetRig } from './net-rig.fixture.ts';

const loss: Disturbance = { kind: 'loss', share: 0.01 };

describe.skipIf(!needs('nsenter'))('a container’s network that cannot be disturbed', () => {
  let rig: NetRig;
  beforeAll(async () => {
    rig = await NetRig.start('refusal', ['web', 'db']);
  });
  afterAll(() => rig?.end());

  it('refuses what would touch others, and what is not there', async () => {
    await rig.addIdle('hosted', 'host');
    await rig.addIdle('guest', `container:${rig.node('db').id}`);
    const refusal = (node: string, spec: Disturbance) => rig.disturber('iptables').refusal(node, spec);
    const from = (...names: string[]): Disturbance => ({ kind: 'partition', from: names, direction: 'both' });
    expect(await refusal('hosted', loss)).toBe('hosted uses the network of the engine’s machine itself');
    expect(await refusal('guest', loss)).toBe(
      `guest uses the network of another container, ${rig.node('db').id.slice(0, 12)}`,
    );
    expect(await refusal('web', from('nobody'))).toContain('the driver does not know nobody: it holds ');
    expect(await refusal('web', from('web'))).toBe('web cannot be cut off from itself');
    expect(await refusal('web', from('hosted'))).toBe('hosted has no address in a Docker network');
    expect(await refusal('web', { kind: 'dns_failure', peers: ['a b'] })).toBe(
      '"a b" cannot be looked up by DNS',
    );
  });

  it('does not take another’s process for the container’s', async () => {
    const ownNamespace = await docker('inspect', '--format', '{{.State.Pid}}', rig.node('db').id);
    const containers = {
      inspect: async () => ({ ...(await rig.inspect('web')), pid: Number(ownNamespace) }),
    };
    const [, , iptables] = dockerNetDisturbers({
      engine: rig.engine,
      containers,
      isLocal: true,
      image: undefined,
      runPath: null,
    });
    expect(await iptables?.refusal('web', loss)).toBe(
      `it takes orch as root on the engine’s machine, with iptables and iproute2 (the engine’s processes are not this machine’s: ${ownNamespace} is another), or an image with both of them as control.docker.net_image`,
    );
    await expect(iptables?.prepare('web', loss, 'm')).rejects.toThrow('not this machine’s');
  });

  it('detects whether the kernel has netem, as a qdisc added by hand shows', async () => {
    const byHand = 'unshare --net tc qdisc add dev lo root netem delay 1ms 2>&1 || true';
    const said = (await rig.within('web', 'sh', '-c', byHand)).trim();
    const spec = { kind: 'latency', latency_ms: 100, jitter_ms: 0 } as const;
    expect(await rig.disturber('netem').refusal('web', spec)).toBe(
      said === '' ? null : `the engine’s kernel or iptables cannot do it: ${said}`,
    );
  });
});
