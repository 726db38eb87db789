import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, docker } from '../../src/control/docker/containers.fixture.ts';
import { freePort } from '../../src/control/ports.ts';
import { needs } from '../../src/testing/requirements.ts';
import { Workshop } from '../support.ts';
import { meansOf, plannedMeans, timeoutSec, wrongIn } from './expectations.ts';
import { type Play, scenarioOf } from './scene.ts';
import { shopNode } from './shop-node.ts';

const play: Play = {
  'service-node-1': [
    { faults: ['latency, latency_ms: 100'], moves: [80, 120] },
    { faults: ['partition'], error: ['timeout', 0.9, 1] },
    // A fifth of the packets that come to the node, of several for each request.
    { faults: ['loss, share: 0.2'], moves: [-40, 850], slow: [190, 0.12, 0.95] },
    { faults: ['oom_kill'], error: ['ECONNRESET|connection_closed', 0.9, 1] },
  ],
  'service-node-2': [
    { faults: ['http_status, status: 418, share: 0.5'], error: ['http_418', 0.2, 0.8] },
    { faults: ['reset, share: 0.5'], error: ['ECONNRESET|connection_closed', 0.2, 0.8] },
    { faults: ['http_corrupt'], error: ['unexpected_body', 1, 1] },
    { faults: ['black_hole, share: 0.5'], error: ['timeout', 0.2, 0.8] },
  ],
  // It asks the witness before it answers.
  'service-node-3': [
    { faults: ['dns_failure, peers: [service-node-5]'], error: ['http_502', 1, 1] },
    { faults: ['partition, from: [service-node-5]'], error: ['http_504', 1, 1] },
    { faults: ['bandwidth, rate_kbit: 32'], moves: [50, 850] },
    { faults: ['disk_fill, size_mb: 5'] },
  ],
  'service-node-4': [
    // The answer ends where its connection does: half of it is an answer, too.
    { faults: ['http_abort'], error: ['unexpected_body', 1, 1] },
    { faults: ['slow_close, delay_ms: 200'], moves: [170, 240] },
    { faults: ['memory_limit, limit_mb: 150'] },
    { faults: ['cpu_limit, cpus: 0.2', 'cpu_stress, workers: 4'], moves: [25, 850] },
  ],
};
const witness = 'service-node-5';
const nodes = [...Object.keys(play), witness];

describe.skipIf(!needs('docker') || !needs('nsenter'))('every fault on containers', () => {
  const shop = new Workshop();
  const containers = new Containers('box');
  const ids: string[] = [];
  let attempts = 0;
  let run = '';
  let before: readonly Remains[];

  beforeAll(async () => {
    const ports = await Promise.all(nodes.map(() => freePort()));
    await docker('network', 'create', containers.project);
    for (const [index, service] of nodes.entries()) {
      const network = ['--network', containers.project, '--network-alias', service];
      const limits = ['--cpus', '1', '--memory', '300m', '--memory-swap', '300m'];
      const peer = service === 'service-node-3' ? ['--env', `PEER=${witness}`] : [];
      const args = [...network, ...limits, ...peer];
      const port = ports[index] ?? 0;
      ids.push(await containers.run({ service, port, args, command: ['node', '-e', shopNode] }));
    }
    shop.write('s.yaml', scenarioOf(play, 80));
    shop.write(
      'config.yaml',
      [
        `http_nodes: [${ports.map((port) => `http://127.0.0.1:${port}`).join(', ')}]`,
        `http_services: [${nodes.join(', ')}]`,
        `control: { driver: docker, docker: { project: ${containers.project} } }`,
        `load: { timeout_sec: ${timeoutSec} }`,
        `http_workload: { method: GET, path: /health, headers: { connection: close }, expected_body: '"status":"ok"' }`,
      ].join('\n'),
    );
    before = await Promise.all(ids.map(remainsOf));
  });
  afterAll(async () => {
    await containers.removeAll();
    await docker('network', 'rm', containers.project);
    shop.close();
  });

  // A machine that is too busy with other things gets another try.
  const patience = { retry: 2, timeout: 120_000 };
  it('shows in the rows of its own node while it is in force, and nowhere else', patience, async () => {
    attempts += 1;
    run = `box-${attempts}`;
    const { code, stderr } = await shop.orch(['run', '--scenario', 's.yaml', '--run-id', run, '--seed', '4']);
    expect(code, stderr).toBe(0);
    expect(wrongIn(shop, run, play, witness)).toEqual([]);
  });

  it('is disturbed by the means that the plan said', async () => {
    const { code, stdout, stderr } = await shop.orch(['plan', 's.yaml', '--json']);
    expect(code, stderr).toBe(0);
    expect(plannedMeans(stdout)).toEqual(meansOf(shop, run));
    expect(Object.fromEntries(meansOf(shop, run))).toMatchObject({
      bandwidth: 'tbf',
      partition: 'iptables',
      slow_close: 'proxy',
    });
  });

  it('leaves the containers as they were: their settings, rules, processes and files', async () => {
    expect(await Promise.all(ids.map(remainsOf))).toEqual(before);
  });
});

type Remains = Readonly<Record<string, string>>;

/** All of a container in which something could be left. */
async function remainsOf(id: string): Promise<Remains> {
  const pid = await docker('inspect', '--format', '{{.State.Pid}}', id);
  const inside = (...command: string[]) =>
    execFileSync('nsenter', ['--target', pid, '--net', ...command], { encoding: 'utf8' });
  return {
    settings: await docker('inspect', '--format', '{{json .HostConfig}} {{.State.Status}} {{.ExecIDs}}', id),
    rules: inside('iptables', '--table', 'filter', '--list-rules'),
    qdiscs: inside('tc', 'qdisc', 'show').replaceAll(/eth0\S*/g, 'eth0'),
    processes: (await docker('top', id, '-o', 'pid,args')).replaceAll(/^ *\d+ +/gm, ''),
    files: await docker('exec', id, 'ls', '-A', '/tmp'),
  };
}
