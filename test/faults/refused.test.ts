import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Containers, docker } from '../../src/control/docker/containers.fixture.ts';
import { freePort } from '../../src/control/ports.ts';
import { needs } from '../../src/testing/requirements.ts';
import { Workshop } from '../support.ts';

describe('a fault that cannot be injected', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  const scenarioOf = (fault: string) =>
    shop.write(
      's.yaml',
      `name: s\nphases: [{ name: p, duration_sec: 5, actions: [{ type: start_load, target: all_nodes, rps: 5 }, { ${fault} }] }]\n`,
    );
  const refusal = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await shop.orch(args);
    expect(code, stderr).toBe(104);
    expect(stdout).toBe('');
    expect(stderr).toContain('[fault-impossible]');
    const runs = shop.path('runs');
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
    return stderr;
  };

  const inRunAndPlan: readonly (readonly [fault: string, config: string, why: string])[] = [
    [
      'type: dns_failure, target: service-node-1, peers: [service-node-2]',
      '',
      'dns_failure of service-node-1: the process driver has no means for it',
    ],
    [
      'type: partition, target: service-node-1, from: [service-node-2]',
      '',
      'partition of service-node-1: proxy: nothing between service-node-1 and service-node-2 goes through the proxy, as only embedded Redis nodes of one primary do',
    ],
    [
      'type: latency, target: service-node-1, latency_ms: 5',
      'control: { network_faults: kernel }',
      'latency of service-node-1: the process driver has no means for it',
    ],
  ];
  const ofRedis: typeof inRunAndPlan = [
    [
      'type: partition, target: redis-node-1, from: [redis-node-2]',
      '',
      'partition of redis-node-1: proxy: nothing between redis-node-1 and redis-node-2 goes through the proxy',
    ],
    [
      'type: partition, target: redis-node-2, from: [redis-node-1]',
      'control: { network_faults: kernel, process: { replicas: { redis-node-2: redis-node-1 } } }',
      'partition of redis-node-2: the process driver has no means for it',
    ],
  ];
  const refuses = async (fault: string, config: string, why: string) => {
    scenarioOf(fault);
    shop.write('config.yaml', config);
    expect(await refusal('plan', 's.yaml', '--driver', 'process')).toContain(why);
    expect(await refusal('run', '--scenario', 's.yaml', '--driver', 'process')).toContain(why);
  };
  it.each(inRunAndPlan)('by embedded nodes is refused by run and plan: %s %s', refuses);
  it.skipIf(!needs('redis')).each(ofRedis)('by embedded Redis nodes too: %s %s', refuses);

  it.each([
    ['size_mb: 1, directory: /var', 'an embedded node has its home only'],
    ['size_mb: 1000000', 'MB are to stay so'],
  ])('into an embedded node’s disk is refused by the run, which has a node to ask: %s', async (fill, why) => {
    scenarioOf(`type: disk_fill, target: service-node-1, ${fill}`);
    expect(await refusal('run', '--scenario', 's.yaml', '--driver', 'process')).toContain(why);
  });

  it.skipIf(!needs('redis'))('of HTTP is refused for what speaks Redis', async () => {
    scenarioOf('type: http_abort, target: redis-node-1');
    for (const command of [
      ['plan', 's.yaml'],
      ['run', '--scenario', 's.yaml'],
    ])
      expect(await refusal(...command, '--driver', 'process', '--mode', 'http')).toContain(
        'http_abort is for nodes that speak HTTP',
      );
  });

  it.skipIf(!needs('docker'))(
    'in a container is refused by run and plan',
    async () => {
      const containers = new Containers('refused');
      try {
        const port = await freePort();
        await containers.run({ service: 'service-node-1', port });
        const control = `control: { network_faults: kernel, docker: { project: ${containers.project} } }`;
        shop.write(
          'config.yaml',
          `http_nodes: [http://127.0.0.1:${port}]\nhttp_services: [service-node-1]\n${control}`,
        );
        const faults = [
          [
            'slow_close, delay_ms: 100',
            'slow_close of service-node-1: the docker driver has no means for it',
          ],
          [
            'cpu_limit, cpus: 1000',
            'cpu_limit of service-node-1: cpu-quota: service-node-1 may use no more than',
          ],
          ['disk_fill, size_mb: 1, directory: /nonexist', '/nonexist in service-node-1 is no directory'],
          ['disk_fill, size_mb: 1000000', 'MB are to stay so'],
        ] as const;
        for (const [fault, why] of faults) {
          scenarioOf(`target: service-node-1, type: ${fault}`);
          expect(await refusal('plan', 's.yaml', '--driver', 'docker')).toContain(why);
          expect(await refusal('run', '--scenario', 's.yaml', '--driver', 'docker')).toContain(why);
        }
      } finally {
        await containers.removeAll();
      }
    },
    120_000,
  );

  it.skipIf(!needs('docker') || !needs('nsenter'))(
    'by rules goes by the proxy instead, and why is told',
    async () => {
      const containers = new Containers('passed-over');
      try {
        const port = await freePort();
        const id = await containers.run({ service: 'service-node-1', port });
        const pid = await docker('inspect', '--format', '{{.State.Pid}}', id);
        const theirs = 'tc qdisc add dev eth0 root handle 77: tbf rate 100mbit burst 32k latency 100ms';
        execFileSync('nsenter', ['--target', pid, '--net', ...theirs.split(' ')]);
        shop.write(
          'config.yaml',
          `http_nodes: [http://127.0.0.1:${port}]\nhttp_services: [service-node-1]\ncontrol: { docker: { project: ${containers.project} } }`,
        );
        scenarioOf('type: bandwidth, target: service-node-1, rate_kbit: 1000, duration_sec: 1');
        const why =
          'bandwidth of service-node-1: by proxy (tbf: a root qdisc is there already, and is not touched: ';
        const planned = await shop.orch(['plan', 's.yaml', '--driver', 'docker']);
        expect(planned.stdout, planned.stderr).toContain(why);
        const run = await shop.orch(['run', '--scenario', 's.yaml', '--driver', 'docker']);
        expect(run.code, run.stderr).toBe(0);
        expect(run.stderr).toContain(why);
      } finally {
        await containers.removeAll();
      }
    },
  );
});
