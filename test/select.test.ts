import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Containers, docker } from '../src/control/docker/containers.fixture.ts';
import { freePort } from '../src/control/ports.ts';
import type { NodesChosen } from '../src/model/event.ts';
import { needs } from '../src/testing/requirements.ts';
import { freePort as anyPort, TestNode } from '../src/target/target.contract.ts';
import { Workshop } from './support.ts';

interface Planned {
  readonly seed: number;
  readonly choices: readonly { nodes: readonly string[]; from: readonly string[]; why: string }[];
  readonly timeline: readonly { does: string; touches: readonly string[] }[];
}

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const scenarioOf = (action: string, load = 'all_nodes') =>
  shop.write(
    's.yaml',
    [
      'name: s',
      'phases:',
      `  - { name: warmup, duration_sec: 1, actions: [{ type: start_load, target: ${load}, rps: 20 }] }`,
      '  - name: failure',
      '    duration_sec: 2',
      '    actions:',
      `      - ${action}`,
    ].join('\n'),
  );

async function planned(...args: string[]): Promise<Planned> {
  const { code, stdout, stderr } = await shop.orch(['plan', 's.yaml', '--json', ...args]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Planned;
}

describe('a node that is chosen by the seed', () => {
  it('is the same in plan and run, which both record it', async () => {
    scenarioOf('{ type: restart_node, target: { service: service-node-*, random: 1 } }');
    const bySeed = new Set<string>();
    for (const seed of ['1', '2', '3', '4', '5', '6']) {
      const { choices } = await planned('--driver', 'process', '--seed', seed);
      bySeed.add(choices[0]?.nodes.join() ?? '');
    }
    expect(bySeed.size).toBeGreaterThan(1);
    const { seed, choices, timeline } = await planned('--driver', 'process', '--seed', '4');
    expect(seed).toBe(4);
    expect(choices).toMatchObject([
      {
        from: ['service-node-1', 'service-node-2', 'service-node-3'],
        why: 'service-node-*: 3 nodes, of which seed 4 draws 1',
      },
    ]);
    const nodes = choices[0]?.nodes ?? [];
    expect(timeline).toContainEqual(expect.objectContaining({ does: 'restart', touches: nodes }));

    const args = ['--scenario', 's.yaml', '--driver', 'process', '--seed', '4', '--run-id', 'r'];
    const { code, stderr } = await shop.orch(['run', ...args]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(
      `restart_node: ${nodes.join()} (service-node-*: 3 nodes, of which seed 4 draws 1)`,
    );
    const events = shop.events('r');
    const chosen = events.find((event): event is NodesChosen => event.type === 'nodes_chosen');
    const { from, why } = choices[0] ?? {};
    expect(chosen).toMatchObject({ phase: 'failure', action: 'restart_node', nodes, from, why });
    const disturbed = events.flatMap((event) => (event.type === 'fault' ? [event.node] : []));
    expect([...new Set(disturbed)]).toEqual(nodes);
    expect(shop.manifest('r').seed).toBe(4);
  });

  it('can be had again without naming a seed before: the plan and the run say which it was', async () => {
    scenarioOf('{ type: restart_node, target: { random: 1 } }');
    const { seed, choices } = await planned('--driver', 'process');
    const again = await planned('--driver', 'process', '--seed', String(seed));
    expect(again.choices).toEqual(choices);
    const { stdout } = await shop.orch(['plan', 's.yaml', '--driver', 'process', '--seed', String(seed)]);
    expect(stdout).toMatch(
      new RegExp(
        `failure +restart_node +${choices[0]?.nodes.join()} +all_nodes: 3 nodes, of which seed ${seed} draws 1`,
      ),
    );
  });
});

describe('a target without a node', () => {
  it('is a mistake, with its place; or a skip that is told, recorded and disturbs nothing', async () => {
    scenarioOf('{ type: kill_node, target: db-* }');
    const refused = await shop.orch(['plan', 's.yaml', '--driver', 'process']);
    expect(refused.code).toBe(104);
    expect(refused.stderr).toContain('s.yaml:7:9: no node matches `db-*`. Known: service-node-1,');

    scenarioOf('{ type: kill_node, target: { service: db-*, on_no_match: skip } }');
    const { code, stderr } = await shop.orch([
      'run',
      '--scenario',
      's.yaml',
      '--driver',
      'process',
      '--run-id',
      'r',
    ]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/warning: .*s\.yaml:7:9: kill_node is skipped: no node matches `db-\*`/);
    const chosen = shop.events('r').filter((event) => event.type === 'nodes_chosen');
    expect(chosen).toMatchObject([
      { action: 'kill_node', nodes: [], why: expect.stringContaining('`db-*`') },
    ]);
    expect(shop.events('r').filter((event) => event.type === 'fault')).toEqual([]);
    const { stdout } = await shop.orch(['plan', 's.yaml', '--driver', 'process']);
    expect(stdout).toMatch(/failure +skip kill_node/);
    expect(stdout).toMatch(/failure +kill_node +skipped +no node matches/);
  });
});

describe('a label', () => {
  it('may be given in config.yaml, to nodes of any kind', async () => {
    shop.write(
      'config.yaml',
      'nodes:\n  service-node-2: { labels: { zone: a } }\n  redis-node-1: { labels: { zone: a } }\n',
    );
    scenarioOf('{ type: kill_node, target: { label: { zone: a } } }');
    const { choices } = await planned('--driver', 'process');
    expect(choices).toMatchObject([
      { nodes: ['service-node-2', 'redis-node-1'], why: 'label zone=a: 2 nodes' },
    ]);
    scenarioOf('{ type: kill_node, target: { label: { zone: b }, kind: http } }');
    const { code, stderr } = await shop.orch(['plan', 's.yaml', '--driver', 'process']);
    expect(code).toBe(104);
    expect(stderr).toContain('service-node-2 has zone=a');
  });

  it('of a node that is not there is a mistake in config.yaml', async () => {
    shop.write('config.yaml', 'nodes:\n  service-nod-2: { labels: { zone: a } }\n');
    const { code, stdout } = await shop.orch(['validate', 'config.yaml']);
    expect(code).toBe(104);
    expect(stdout).toContain(
      'config.yaml:2:18: there is no node `service-nod-2`; did you mean `service-node-2`?',
    );
  });

  it('leaves what validate cannot know to the plan', async () => {
    scenarioOf('{ type: kill_node, target: { label: { zone: a } } }');
    const { code, stdout } = await shop.orch(['validate', 's.yaml']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'its targets depend on labels that only the nodes can tell: `orch plan` asks them',
    );
  });

  describe.skipIf(!needs('docker'))('of a container', () => {
    const containers = new Containers('select');
    afterEach(() => containers.removeAll());

    it('is asked of the engine, those of config.yaml come first, and only what is asked for is kept', async () => {
      const ports = [await freePort(), await freePort(), await freePort()];
      for (const [index, port] of ports.entries()) {
        const zone = index === 0 ? 'a' : 'b';
        await containers.run({
          service: `web-${index}`,
          port,
          args: ['--label', `zone=${zone}`, '--label', 'secret=x'],
        });
      }
      shop.write(
        'config.yaml',
        [
          `http_nodes: [${ports.map((port) => `http://127.0.0.1:${port}`).join(', ')}]`,
          'http_services: [web-0, web-1, web-2]',
          `control: { docker: { project: ${containers.project} } }`,
          'nodes: { web-2: { labels: { zone: a } } }',
        ].join('\n'),
      );
      scenarioOf('{ type: pause_node, target: { label: { zone: a } } }');
      const { choices } = await planned();
      expect(choices).toMatchObject([{ nodes: ['web-0', 'web-2'] }]);
      const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r']);
      expect(code, stderr).toBe(0);
      expect(shop.manifest('r').nodes.map(({ name, labels }) => [name, labels])).toEqual([
        ['web-0', { zone: 'a' }],
        ['web-1', { zone: 'b' }],
        ['web-2', { zone: 'a' }],
      ]);
      const paused = shop
        .events('r')
        .flatMap((event) => (event.type === 'fault' && event.state === 'verified' ? [event.node] : []));
      expect(paused.sort()).toEqual(['web-0', 'web-2']);
    });

    it('cannot be asked of an engine that does not answer, which is told', async () => {
      scenarioOf('{ type: kill_node, target: { label: { zone: a } } }');
      const env = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
      const embedded = await shop.orch(['plan', 's.yaml'], env);
      expect(embedded.code).toBe(104);
      expect(embedded.stderr).toContain('service-node-1 has no label zone');
      expect(embedded.stderr).toContain('No container was asked for labels: the Docker Engine at');
      const asked = await shop.orch(['plan', 's.yaml', '--driver', 'docker'], env);
      expect(asked.code).toBe(104);
      expect(asked.stderr).toContain('[docker-unreachable]');
    });
  });
});

describe('a role', () => {
  it('is refused of embedded nodes, each of which stands alone', async () => {
    scenarioOf('{ type: kill_node, target: { role: master } }');
    const { code, stderr } = await shop.orch(['plan', 's.yaml', '--driver', 'process']);
    expect(code).toBe(104);
    expect(stderr).toContain('embedded Redis nodes have no `role`');
  });

  it('is that with which embedded nodes are started, where the config says which replicates which', async () => {
    shop.write('config.yaml', 'control: { process: { replicas: { redis-node-1: redis-node-2 } } }\n');
    scenarioOf('{ type: kill_node, target: { role: master } }', '{ role: replica }');
    const { choices } = await planned('--driver', 'process');
    expect(choices).toMatchObject([{ nodes: ['redis-node-1'] }, { nodes: ['redis-node-2'] }]);
  });

  it('of a node that does not answer is a mistake, even where the action may be skipped', async () => {
    shop.write('config.yaml', `redis_nodes: [redis://127.0.0.1:${await freePort()}]\n`);
    scenarioOf('{ type: kill_node, target: { role: master, on_no_match: skip } }');
    const { code, stderr } = await shop.orch(['plan', 's.yaml', '--mode', 'http']);
    expect(code).toBe(104);
    expect(stderr).toMatch(
      /s\.yaml:7:9: 127\.0\.0\.1:\d+ does not say whether it is master or replica \(ECONNREFUSED\)/,
    );
  });

  it.skipIf(!needs('redis'))('says which node is loaded, where there are nothing but addresses', async () => {
    const nodeCommand =
      (...options: string[]) =>
      (port: number): [string, ...string[]] => [
        'redis-server',
        '--bind',
        '127.0.0.1',
        '--port',
        String(port),
        '--save',
        '',
        // A replica keeps what it was sent in a file otherwise, where the tests were started.
        '--rdb-del-sync-files',
        'yes',
        ...options,
      ];
    const ports = [await anyPort(), await anyPort()];
    const master = new TestNode({ kind: 'redis', nodeCommand: nodeCommand() }, ports[0] ?? 0);
    const follows = nodeCommand('--replicaof', '127.0.0.1', String(ports[0]));
    const replica = new TestNode({ kind: 'redis', nodeCommand: follows }, ports[1] ?? 0);
    try {
      await master.start();
      await replica.start();
      shop.write(
        'config.yaml',
        `redis_nodes: [${master.spec.url}, ${replica.spec.url}]\nredis_workload: [{ commands: [GET x] }]\n`,
      );
      scenarioOf('{ type: continue_load }', '{ role: replica }');
      const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'r']);
      expect(code, stderr).toBe(0);
      expect(new Set(shop.rows('r').map((row) => row.split(',')[1]))).toEqual(
        new Set([`127.0.0.1:${ports[1]}`]),
      );
    } finally {
      await master.kill();
      await replica.kill();
    }
  });

  describe.skipIf(!needs('docker'))('of a container', () => {
    const containers = new Containers('roles');
    afterEach(() => containers.removeAll());

    it('says which of two that replicate is disturbed, and follows a failover into the next plan', async () => {
      const ports = [await freePort(), await freePort()];
      const ids: string[] = [];
      for (const [index, port] of ports.entries())
        ids.push(await containers.run({ service: `cache-${index}`, kind: 'redis', port }));
      const [first = '', second = ''] = ids;
      const ip = await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', second);
      shop.write(
        'config.yaml',
        [
          `redis_nodes: [${ports.map((port) => `redis://127.0.0.1:${port}`).join(', ')}]`,
          'redis_services: [cache-0, cache-1]',
          `control: { docker: { project: ${containers.project} } }`,
        ].join('\n'),
      );
      scenarioOf('{ type: kill_node, target: { role: master } }', '{ role: master }');
      const masters = async () => (await planned()).choices.map(({ nodes }) => nodes);
      await docker('exec', first, 'redis-cli', 'replicaof', ip, '6379');
      expect(await masters()).toEqual([['cache-1'], ['cache-1']]);
      await docker('exec', first, 'redis-cli', 'replicaof', 'no', 'one');
      expect(await masters()).toEqual([
        ['cache-0', 'cache-1'],
        ['cache-0', 'cache-1'],
      ]);
    });
  });
});
