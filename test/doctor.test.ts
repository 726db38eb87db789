import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../src/cli/doctor-finding.ts';
import { Containers, docker } from '../src/control/docker/containers.fixture.ts';
import { needs } from '../src/testing/requirements.ts';
import { manifestOf } from '../src/testing/run-files.ts';
import { Workshop } from './support.ts';

describe('doctor', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  async function findings(): Promise<ReadonlyMap<string, Finding>> {
    const { stdout } = await shop.orch(['doctor', '--json']);
    const all: readonly Finding[] = JSON.parse(stdout);
    return new Map(all.map((finding) => [finding.what, finding]));
  }

  it('shows no password, and offers no embedded node in place of the user’s own', async () => {
    shop.write(
      'config.yaml',
      'redis_nodes: ["redis://:pa55@127.0.0.1:9"]\nhttp_nodes: ["http://127.0.0.1:9/a?token=pa55"]\n',
    );
    const { code, stdout } = await shop.orch(['doctor']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('pa55');
    expect(stdout).toMatch(
      /missing +127\.0\.0\.1:9 +redis:\/\/:\*\*\*@127\.0\.0\.1:9: nothing listens there\n/,
    );
    const own = (await findings()).get('127.0.0.1:9');
    expect(own?.remedy).toContain('correct its address');
  });

  it('says of the demo’s own nodes that they can be embedded', async () => {
    shop.write('config.yaml', 'http_nodes: [http://127.0.0.1:9]\nhttp_services: [service-node-1]\n');
    expect((await findings()).get('service-node-1')).toMatchObject({
      state: 'ok',
      says: 'http://127.0.0.1:9: nothing listens there; an embedded node may',
    });
  });

  it('names the runs that are not in order, and what puts them so', async () => {
    expect((await findings()).get('runs')).toMatchObject({ state: 'ok' });
    const host = { name: hostname(), os: 'linux', cpus: 2, memory_mb: 4096 };
    mkdirSync(shop.path('runs/night'), { recursive: true });
    shop.write('runs/night/manifest.json', manifestOf({ status: 'running', host }));
    const { code, stdout } = await shop.orch(['doctor']);
    expect(code).toBe(104);
    expect(stdout).toMatch(/broken +runs +the run night was cut off\n +→ .*`orch recover night`/);
  });

  it.skipIf(!needs('docker'))(
    'tells a paused service and one of two containers from one that is not there',
    async () => {
      const containers = new Containers('doctor');
      try {
        for (const service of ['runs', 'stands', 'twice', 'twice']) {
          const id = await containers.run({ service });
          if (service === 'stands') await docker('pause', id);
        }
        shop.write(
          'config.yaml',
          [
            `http_nodes: [${[1, 2, 3, 4].map((port) => `http://127.0.0.1:${port}`).join(', ')}]`,
            'http_services: [runs, stands, twice, none]',
            'redis_nodes: []',
            `control: { docker: { project: ${containers.project} } }`,
          ].join('\n'),
        );
        expect((await findings()).get('compose project')).toEqual({
          what: 'compose project',
          state: 'missing',
          says: `${containers.project} has runs; paused: stands; of several containers, where orch needs one: twice; not running: none`,
          remedy: expect.stringMatching(/unpause stands; .*--scale twice=1; .*control\.docker\.project$/),
        });
      } finally {
        await containers.removeAll();
      }
    },
  );
});
