import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Containers } from '../../src/control/docker/containers.fixture.ts';
import { freePort } from '../../src/control/ports.ts';
import { needs } from '../../src/testing/requirements.ts';
import { Workshop } from '../support.ts';
import { meansOf, timeoutSec, wrongIn } from './expectations.ts';
import { type Play, scenarioOf } from './scene.ts';

/** All of a node's requests go by one connection. */
const play: Play = {
  'redis-node-1': [
    { faults: ['latency, latency_ms: 100'], moves: [80, 120] },
    { faults: ['partition'], error: ['timeout', 0.9, 1] },
    { faults: ['bandwidth, rate_kbit: 1'], moves: [80, 850] },
  ],
};
const witness = 'redis-node-2';
const nodes = [...Object.keys(play), witness];

describe('faults through the proxy show in the rows of one Redis node only', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
    shop.write('s.yaml', scenarioOf(play, 40));
  });
  afterEach(() => shop.close());

  async function expectRun(ports: readonly number[], control: string): Promise<void> {
    const urls = ports.map((port) => `redis://127.0.0.1:${port}`).join(', ');
    shop.write(
      'config.yaml',
      [
        `redis_nodes: [${urls}]`,
        `redis_services: [${nodes.join(', ')}]`,
        `control: { network_faults: proxy, ${control} }`,
        `load: { timeout_sec: ${timeoutSec} }`,
      ].join('\n'),
    );
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r', '--seed', '4']);
    expect(code, stderr).toBe(0);
    expect(wrongIn(shop, 'r', play, witness)).toEqual([]);
    expect([...meansOf(shop, 'r').values()]).toEqual(['proxy', 'proxy', 'proxy']);
  }

  it.skipIf(!needs('redis'))('embedded', { timeout: 60_000 }, async () => {
    await expectRun([await freePort(), await freePort()], 'driver: process');
  });

  it.skipIf(!needs('docker'))('in containers', { timeout: 60_000 }, async () => {
    const containers = new Containers('box-redis');
    try {
      const ports = [await freePort(), await freePort()];
      for (const [index, service] of nodes.entries())
        await containers.run({ service, kind: 'redis', port: ports[index] ?? 0 });
      await expectRun(ports, `driver: docker, docker: { project: ${containers.project} }`);
    } finally {
      await containers.removeAll();
    }
  });
});
