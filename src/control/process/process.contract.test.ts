import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import type { NodeSpec } from '../../model/node.ts';
import { needs } from '../../testing/requirements.ts';
import { driverContract, type Rig } from '../driver.contract.ts';
import { freePort } from '../ports.ts';
import { createProcessDriver } from './process.ts';

async function rigOf(kind: NodeSpec['kind']): Promise<Rig> {
  const url = `${kind}://127.0.0.1:${await freePort()}`;
  const directory = mkdtempSync(join(tmpdir(), 'orch-contract-'));
  return {
    driver: createProcessDriver({ searchPath: process.env['PATH'], directory }),
    node: { name: `${kind}-node`, kind, url, managed: true },
    outlivesDriver: false,
    cleanUp: () => Promise.resolve(),
  };
}

describe('process driver, HTTP nodes', () => driverContract(() => rigOf('http'), true));

describe.skipIf(!needs('redis'))('process driver, Redis nodes', () =>
  driverContract(() => rigOf('redis'), true),
);
