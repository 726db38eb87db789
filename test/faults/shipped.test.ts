import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Containers, docker } from '../../src/control/docker/containers.fixture.ts';
import { freePort } from '../../src/control/ports.ts';
import { faultKinds } from '../../src/model/fault-spec.ts';
import { needs } from '../../src/testing/requirements.ts';
import { root, Workshop } from '../support.ts';
import { figuresOf, rowOf } from './rows.ts';

const shipped = (directory: string) =>
  readdirSync(join(root, 'scenarios', directory))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(directory, name));
const examples = shipped('faults');

/** What has a test of its own: on nodes that replicate, or with times that cannot be cut short. */
const elsewhere = [
  'redis_failover.yaml',
  'redis_lost_writes.yaml',
  'redis_partition.yaml',
  'redis_primary.yaml',
  'rolling_restart.yaml',
];
/** What runs on containers alone. */
const ofContainers = ['dns_failure'];
const needCgroups = ['cpu_limit', 'cpu_stress', 'memory_limit', 'oom_kill'];
const onEmbedded = examples.filter((file) => {
  const kind = basename(file, '.yaml');
  return !ofContainers.includes(kind) && (!needCgroups.includes(kind) || needs('cgroups'));
});

async function within<T>(use: (shop: Workshop) => Promise<T>): Promise<T> {
  const shop = new Workshop();
  try {
    return await use(shop);
  } finally {
    shop.close();
  }
}

/** Each run is half a dozen processes. */
vi.setConfig({ maxConcurrency: 3, testTimeout: 60_000 });

describe('the shipped scenarios', () => {
  it('have an example of each kind of fault', () => {
    expect(examples.map((file) => basename(file, '.yaml')).sort()).toEqual([...faultKinds].sort());
  });

  it('are valid, all of them', () =>
    within(async (shop) => {
      const all = ['', 'fragments', 'quick', 'faults'].flatMap(shipped);
      const files = all.map((file) => join(root, 'scenarios', file));
      const { code, stdout, stderr } = await shop.orch(['validate', ...files]);
      expect(code, stdout + stderr).toBe(0);
    }));

  describe.concurrent('that show a fault', () => {
    it.each(onEmbedded)('%s runs through on embedded nodes', (file) =>
      within(async (shop) => {
        const run = ['run', '--scenario', file, '--set', 'seconds=1', '--driver', 'process'];
        const { code, stderr } = await shop.orch(run);
        expect(code, stderr).toBe(0);
        expect(stderr).toContain('effective after');
        expect(stderr).toContain('serves again');
      }),
    );
  });

  it.skipIf(!needs('cgroups')).each(['cpu_limit', 'cpu_stress'])(
    '%s is seen in the latency of its node, beside that of another',
    (kind) =>
      within(async (shop) => {
        const file = `faults/${kind}.yaml`;
        const run = ['run', '--scenario', file, '--set', 'seconds=4', '--driver', 'process'];
        const { code, stderr } = await shop.orch([...run, '--run-id', kind]);
        expect(code, stderr).toBe(0);
        const rows = shop.rows(kind).map(rowOf);
        const medianMs = (node: string) =>
          figuresOf(rows.filter((row) => row.node === node && row.phase === 'failure')).medianMs;
        expect(medianMs('service-node-2')).toBeGreaterThan(1.5 * medianMs('service-node-1'));
      }),
  );

  describe.concurrent('of other kinds', () => {
    const others = shipped('').filter(
      (file) => !elsewhere.includes(file) && (needs('redis') || !file.includes('redis')),
    );
    it.each(others)('%s runs through on embedded nodes', (file) =>
      within(async (shop) => {
        const text = readFileSync(join(root, 'scenarios', file), 'utf8');
        const parts = join(root, 'scenarios/fragments');
        const short = text
          .replaceAll(
            /(_sec): (\d+)/g,
            (_, key: string, sec: string) => `${key}: ${Math.max(Number(sec) / 10, 1.5)}`,
          )
          .replaceAll('include: fragments', `include: ${parts}`);
        shop.write('short.yaml', short);
        const { code, stderr } = await shop.orch(['run', '--scenario', 'short.yaml', '--driver', 'process']);
        expect(code, stderr).toBe(0);
      }),
    );
  });

  it.skipIf(!needs('docker') || !needs('nsenter'))('run through on containers that need them', () =>
    within(async (shop) => {
      const containers = new Containers('shipped');
      const services = ['service-node-1', 'service-node-2', 'service-node-3'];
      await docker('network', 'create', containers.project);
      try {
        const ports = await Promise.all(services.map(() => freePort()));
        const urls = ports.map((port) => `http://127.0.0.1:${port}`).join(', ');
        for (const [index, service] of services.entries()) {
          const args = ['--network', containers.project];
          await containers.run({ service, port: ports[index] ?? 0, args });
        }
        const control = `control: { docker: { project: ${containers.project} } }`;
        shop.write(
          'config.yaml',
          `http_nodes: [${urls}]\nhttp_services: [${services.join(', ')}]\n${control}`,
        );
        for (const kind of ofContainers) {
          const run = [
            'run',
            '--scenario',
            `faults/${kind}.yaml`,
            '--set',
            'seconds=1',
            '--driver',
            'docker',
          ];
          const { code, stderr } = await shop.orch(run);
          expect(code, stderr).toBe(0);
          expect(stderr).toContain(`${kind} service-node-2: effective`);
        }
      } finally {
        await containers.removeAll();
        await docker('network', 'rm', containers.project);
      }
    }),
  );
});
