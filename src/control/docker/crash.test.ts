import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../testing/requirements.ts';
import { engineAddress } from './address.ts';
import { Containers } from './containers.fixture.ts';
import { belongsTo, crash } from './crash.ts';
import { createDockerDriver } from './docker.ts';
import type { Driver } from '../driver.ts';
import { until } from '../driver.contract.ts';
import { freePort } from '../ports.ts';
import { lookUp } from '../process-table.ts';

const canCrash = needs('docker') && needs('root') && needs('proc');

describe.skipIf(!canCrash)('a container’s restart policy', () => {
  let containers: Containers;
  beforeEach(() => {
    containers = new Containers('crash');
  });
  afterEach(() => containers.removeAll());

  async function serviceWith(policy: string): Promise<Driver> {
    const port = await freePort();
    await containers.run({ service: 'web', port, args: ['--restart', policy] });
    const driver = createDockerDriver({
      address: engineAddress(process.env),
      project: containers.project,
    });
    await driver.open([{ name: 'web', kind: 'http', url: `http://127.0.0.1:${port}`, managed: true }]);
    return driver;
  }

  for (const policy of ['always', 'on-failure']) {
    it(`${policy}: the engine starts a node again that crashed, and none that it killed itself`, async () => {
      const driver = await serviceWith(policy);
      const before = await driver.observe('web');
      await driver.kill('web', 'crash');
      await until(async () => {
        const now = await driver.observe('web');
        return now.state === 'running' && now.incarnation !== before.incarnation;
      }, 'the engine to start it again');
      await driver.kill('web', 'api');
      await until(async () => (await driver.observe('web')).state === 'stopped', 'it to be down');
      const down = await driver.observe('web');
      // Long beside the engine's own pause before a restart, 100 ms at first.
      await sleep(1_500);
      expect(await driver.observe('web')).toEqual(down);
    });
  }
});

describe.skipIf(!needs('proc'))('a process that is not the container’s', () => {
  it('is not signalled, and is named', async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    const id = '5b1f'.repeat(16);
    const network = { usesHostNetwork: false, published: [], networkOf: null, networks: [] };
    const limits = { nanoCpus: 0, cpuPeriod: 0, cpuQuota: 0, memory: 0, memorySwap: 0 };
    const seen = { id, pid, state: 'running', startedAt: '', evidence: '', limits, ...network } as const;
    expect(belongsTo(pid, id)).toBe(false);
    expect(crash(seen)).toBe(
      `its process (pid ${pid}) is not to be seen on this machine as one of container 5b1f5b1f5b1f`,
    );
    expect(lookUp(pid)).toBeDefined();
    child.kill('SIGKILL');
  });
});
