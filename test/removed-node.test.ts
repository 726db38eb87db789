import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Containers, docker } from '../src/control/docker/containers.fixture.ts';
import { freePort } from '../src/control/ports.ts';
import { needs } from '../src/testing/requirements.ts';
import { said, scenarioText, Workshop } from './support.ts';

describe.skipIf(!needs('docker'))('a container that is removed while its fault is in force', () => {
  let shop: Workshop;
  const containers = new Containers('removed');
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(async () => {
    shop.close();
    await containers.removeAll();
  });

  it('is what the run’s error names: nothing can be concluded, and why', async () => {
    const port = await freePort();
    const id = await containers.run({ service: 'api', port });
    const settings = [
      `http_nodes: [http://127.0.0.1:${port}]`,
      'http_services: [api]',
      `control: { driver: docker, docker: { project: ${containers.project} } }`,
    ];
    shop.write('config.yaml', settings.join('\n'));
    shop.write(
      's.yaml',
      scenarioText('s', [1, 5, 1], { type: 'kill_node', undo: 'restart_node', node: 'api' }),
    );
    const { child, done } = shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
    await said(child, /kill api: effective/);
    await docker('rm', '--force', id);
    const { code, stderr } = await done;
    expect(code, stderr).toBe(2);
    const gone = `container ${id.slice(0, 12)} of api is gone: it was removed or replaced after the run began`;
    const why = 'nothing can be concluded from this run: kill of api: ';
    expect(stderr).toMatch(new RegExp(`^error: ${why}.*${gone}.* \\[fault-ineffective\\]$`, 'm'));
    expect(shop.manifest('r')).toMatchObject({ conclusive: false, still_broken: [] });
  });
});
