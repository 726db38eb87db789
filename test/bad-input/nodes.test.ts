import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scenarioText, Workshop } from '../support.ts';
import { expectError } from './expect-error.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const run = (...more: string[]) => shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r', ...more]);

describe('the nodes', () => {
  it('that do not answer are named before the run has begun', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    shop.write('config.yaml', 'http_nodes: [http://127.0.0.1:9]\n');
    expectError(
      await run(),
      104,
      'not answering before the run has begun: 127.0.0.1:9 at http://127.0.0.1:9',
    );
    expect((await shop.orch(['runs', '--json'])).stdout).toBe('[]\n');
  });

  it('without a service name cannot be disturbed', async () => {
    shop.write(
      's.yaml',
      scenarioText('s', [1, 1, 1], { type: 'kill_node', undo: 'restart_node', node: '127.0.0.1:9' }),
    );
    shop.write('config.yaml', 'http_nodes: [http://127.0.0.1:9]\n');
    expectError(await run(), 104, '127.0.0.1:9 has no service name in config.yaml');
  });

  it('in Docker, without an engine, are not to be had', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--driver', 'docker'], {
      DOCKER_HOST: `unix://${shop.path('no.sock')}`,
    });
    expectError({ code, stderr, stdout: '' }, 104, 'no.sock', '[docker-unreachable]');
  });

  it('of the user’s own are never replaced by embedded ones', async () => {
    shop.write(
      's.yaml',
      scenarioText('s', [1, 1, 1], { type: 'kill_node', undo: 'restart_node', node: 'api' }),
    );
    shop.write('config.yaml', 'http_nodes: [http://127.0.0.1:9]\nhttp_services: [api]\n');
    expectError(await run(), 104, 'no driver reaches api', '[driver-unavailable]');
  });

  it('whose port is taken stand on another, and it says so', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    shop.write('config.yaml', `http_nodes: [http://127.0.0.1:${port}]\nhttp_services: [service-node-1]\n`);
    shop.write('s.yaml', scenarioText('s', [1]));
    const { code, stderr } = await run('--driver', 'process');
    taken.close();
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      new RegExp(
        `service-node-1 is at http://127\\.0\\.0\\.1:\\d+, as the port of http://127\\.0\\.0\\.1:${port} is taken`,
      ),
    );
    expect(shop.manifest('r').counts).toMatchObject({ due: 50, ok: 50 });
  });

  it('of Redis, without redis-server, say how to get it', async () => {
    shop.write('s.yaml', scenarioText('s', [1]));
    const result = await shop.orch(
      ['run', '--scenario', 's.yaml', '--mode', 'redis', '--driver', 'process'],
      { PATH: '/nowhere' },
    );
    expectError(result, 104, 'redis-server', 'apt-get install redis-server');
  });
});
