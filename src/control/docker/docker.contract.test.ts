import { describe } from 'vitest';
import type { NodeSpec } from '../../model/node.ts';
import { needs } from '../../testing/requirements.ts';
import { engineAddress } from './address.ts';
import { Containers } from './containers.fixture.ts';
import { createDockerDriver } from './docker.ts';
import { driverContract, type Rig } from '../driver.contract.ts';
import { freePort } from '../ports.ts';

const canCrash = needs('root') && needs('proc');

async function rigOf(kind: NodeSpec['kind']): Promise<Rig> {
  const port = await freePort();
  const containers = new Containers(`contract-${kind}`);
  await containers.run({ service: `${kind}-node`, kind, port });
  return {
    driver: createDockerDriver({ address: engineAddress(process.env), project: containers.project }),
    node: { name: `${kind}-node`, kind, url: `${kind}://127.0.0.1:${port}`, managed: true },
    outlivesDriver: true,
    cleanUp: () => containers.removeAll(),
  };
}

describe.skipIf(!needs('docker'))('docker driver, HTTP nodes', () =>
  driverContract(() => rigOf('http'), canCrash),
);

describe.skipIf(!needs('docker'))('docker driver, Redis nodes', () =>
  driverContract(() => rigOf('redis'), canCrash),
);
