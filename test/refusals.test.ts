import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Containers, docker } from '../src/control/docker/containers.fixture.ts';
import { freePort } from '../src/control/ports.ts';
import { needs } from '../src/testing/requirements.ts';
import { manifestOf } from '../src/testing/run-files.ts';
import { said, scenarioText, Workshop } from './support.ts';

describe('a plan that would be refused now', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
    shop.write('s.yaml', scenarioText('s', [60]));
  });
  afterEach(() => shop.close());

  const dryRun = ['run', '--scenario', 's.yaml', '--dry-run'];
  const warnings = async (args: readonly string[]) => {
    const { code, stdout, stderr } = await shop.orch(args);
    expect(code, stderr).toBe(0);
    return stdout.split('\n').filter((line) => line.startsWith('warning: '));
  };

  it('for a run that was cut off says so, and that nothing else stands in its way', async () => {
    const plan = ['plan', 's.yaml', '--driver', 'process'];
    expect(await warnings(plan)).toEqual([]);
    const host = { name: hostname(), os: 'linux', cpus: 2, memory_mb: 4096 };
    mkdirSync(shop.path('runs/night'), { recursive: true });
    shop.write('runs/night/manifest.json', manifestOf({ status: 'running', host }));
    const warning =
      'a run would be refused now: the run night was cut off. Put it in order first: `orch recover night`.';
    for (const args of [plan, [...dryRun, '--driver', 'process']])
      expect(await warnings(args)).toEqual([`warning: ${warning}`]);
    const { stdout } = await shop.orch([...plan, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ warnings: [warning] });
  });

  it('for a run that goes on on its nodes names it', async () => {
    const server = createServer((_, response) => response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      shop.write('config.yaml', `http_nodes: [http://127.0.0.1:${port}]\n`);
      const { child, done } = shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
      await said(child, /load 50 rps/);
      expect(await warnings(dryRun)).toEqual([
        `warning: a run would be refused now: 127.0.0.1:${port} is in use by the run r (pid ${child.pid})`,
      ]);
      child.kill('SIGINT');
      await done;
      expect(await warnings(dryRun)).toEqual([]);
    } finally {
      server.close();
    }
  });

  it('says of embedded nodes that they may stand elsewhere', async () => {
    const { stdout } = await shop.orch(['plan', 's.yaml', '--driver', 'process']);
    expect(stdout).toContain('nothing: the run will start it, on another port where this one is taken');
  });

  it.skipIf(!needs('docker'))(
    'for containers that do not run gives the commands, as the run itself does',
    async () => {
      const containers = new Containers('refusals');
      try {
        const ports = [await freePort(), await freePort()];
        const [stands = '', stopped = ''] = await Promise.all(
          ['stands', 'stopped'].map((service, index) => containers.run({ service, port: ports[index] ?? 0 })),
        );
        await docker('pause', stands);
        await docker('kill', stopped);
        const settings = [
          `http_nodes: [${ports.map((port) => `http://127.0.0.1:${port}`).join(', ')}]`,
          'http_services: [stands, stopped]',
          `control: { driver: docker, docker: { project: ${containers.project} } }`,
        ];
        shop.write('config.yaml', settings.join('\n'));
        const unpause = `\`docker unpause ${stands.slice(0, 12)}\``;
        const start = `\`docker start ${stopped.slice(0, 12)}\``;
        expect(await warnings(dryRun)).toEqual([
          `warning: a run would be refused now: stands is paused. ${unpause} brings it back.`,
          `warning: a run would be refused now: stopped is stopped. ${start} brings it back.`,
        ]);
        const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml']);
        expect(code).toBe(104);
        expect(stderr).toContain('[node-not-serving]');
        expect(stderr).toContain(`hint: Bring it back: ${unpause}; ${start}`);
      } finally {
        await containers.removeAll();
      }
    },
  );
});
