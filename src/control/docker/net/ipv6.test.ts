import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Disturbance } from '../../../model/fault-spec.ts';
import { needs } from '../../../testing/requirements.ts';
import { until } from '../../driver.contract.ts';
import { ask, NetRig, open } from './net-rig.fixture.ts';

describe.skipIf(!needs('nsenter'))('a node with IPv6', () => {
  let rig: NetRig;
  beforeAll(async () => {
    rig = await NetRig.start(
      'six',
      ['web', 'db'],
      ['--ipv6', '--subnet', `fd4f:7263:${(process.pid % 0xffff).toString(16)}::/64`],
    );
  });
  afterAll(() => rig?.end());

  it('is cut off by both families, and found by its peers', async () => {
    const addresses = (await rig.inspect('web')).networks.map(({ address }) => address);
    const six = addresses.find((address) => address.includes(':')) ?? '';
    const answer = async () => {
      const socket = open(six, 8000);
      const { came } = await ask(socket, '/bytes/10', 10, 1500);
      socket.destroy();
      return came;
    };
    const fromPeer = () =>
      rig.exec(
        'db',
        `fetch('http://[${six}]:8000/bytes/10', { signal: AbortSignal.timeout(1500) })
          .then(() => 'answers', (error) => error.name).then((came) => process.stdout.write(came, () => process.exit()))`,
      );
    // A new bridge first asks whether another has its address.
    await until(async () => (await answer()) === 'answers', 'an answer by IPv6');
    const clients: Disturbance = { kind: 'partition', from: 'clients', direction: 'both' };
    await rig.during('iptables', 'web', clients, async () => {
      expect(await answer()).toBe('silent');
      expect(await fromPeer()).toBe('answers');
    });
    await rig.during('iptables', 'web', { ...clients, from: ['db'] }, async () => {
      expect(await fromPeer()).toBe('TimeoutError');
      expect(await answer()).toBe('answers');
    });
  });
});
