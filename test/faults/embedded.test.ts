import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../src/testing/requirements.ts';
import { Workshop } from '../support.ts';
import { meansOf, plannedMeans, preparedOf, timeoutSec, wrongIn } from './expectations.ts';
import { type Play, scenarioOf } from './scene.ts';

const gone = ['ECONNRESET|connection_closed', 0.9, 1] as const;
const play: Play = {
  'service-node-1': [
    { faults: ['latency, latency_ms: 100'], moves: [80, 120] },
    { faults: ['partition'], error: ['timeout', 0.9, 1] },
    { faults: ['cpu_limit, cpus: 0.2', 'cpu_stress, workers: 4'], moves: [25, 850] },
    { faults: ['pause_node'], error: ['timeout', 0.9, 1] },
  ],
  'service-node-2': [
    { faults: ['http_status, status: 418, share: 0.5'], error: ['http_418', 0.2, 0.8] },
    { faults: ['reset, share: 0.5'], error: ['ECONNRESET', 0.2, 0.8] },
    // A fifth of the requests and a fifth of the answers.
    { faults: ['loss, share: 0.2'], moves: [-40, 450], slow: [190, 0.12, 0.7] },
    { faults: ['stop_node'], error: gone },
  ],
  'service-node-3': [
    { faults: ['http_corrupt'], error: ['unexpected_body', 1, 1] },
    { faults: ['black_hole, share: 0.5'], error: ['timeout', 0.2, 0.8] },
    { faults: ['bandwidth, rate_kbit: 16'], moves: [80, 850] },
    { faults: ['oom_kill'], error: gone },
  ],
  'service-node-4': [
    { faults: ['http_abort'], error: ['bad_response', 1, 1] },
    // A client that knows the length of an answer does not wait for its connection's end.
    { faults: ['slow_close, delay_ms: 300'] },
    { faults: ['memory_limit, limit_mb: 150', 'disk_fill, size_mb: 5'] },
    { faults: ['kill_node, how: crash'], error: gone },
  ],
};
const witness = 'service-node-5';
const nodes = [...Object.keys(play), witness];

describe.skipIf(!needs('cgroups'))('every fault on embedded nodes', () => {
  const shop = new Workshop();
  let attempts = 0;
  let run = '';

  beforeAll(() => {
    shop.write('s.yaml', scenarioOf(play, 80));
    shop.write(
      'config.yaml',
      [
        `http_nodes: [${nodes.map((_, index) => `http://127.0.0.1:${18301 + index}`).join(', ')}]`,
        `http_services: [${nodes.join(', ')}]`,
        'control: { driver: process }',
        `load: { timeout_sec: ${timeoutSec} }`,
        // Each request on a connection of its own, so that what befalls new ones is met; and no work, which takes no time.
        `http_workload: { method: GET, path: /health, headers: { connection: close }, expected_body: '"status":"ok"' }`,
      ].join('\n'),
    );
  });
  afterAll(() => shop.close());

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
      latency: 'proxy',
      oom_kill: 'oom-killer',
      pause: null,
    });
  });

  it('leaves no file, no cgroup and no process', () => {
    const prepared = preparedOf(shop, run);
    const paths = [...prepared.matchAll(/"(\/[^"]*orch[^"]*)"/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
    const markers = [...prepared.matchAll(/"marker":"([^"]+)"/g)].map(([, marker = '']) => marker);
    expect(markers.length).toBeGreaterThan(5);
    const ours = [shop.directory, ...markers];
    expect(commandLines().filter((line) => ours.some((one) => line.includes(one)))).toEqual([]);
  });
});

function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
}
