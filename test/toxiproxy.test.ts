import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../src/cli/doctor-finding.ts';
import { Containers } from '../src/control/docker/containers.fixture.ts';
import type { FaultEvent } from '../src/model/event.ts';
import { freePort, ToxiproxyServer } from '../src/proxy/toxiproxy/server.fixture.ts';
import { echoServer } from '../src/proxy/stage.fixture.ts';
import { needs } from '../src/testing/requirements.ts';
import { said, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--driver', 'process'];
const latency = 'type: latency, target: service-node-2, latency_ms: 300';

/** Load on all nodes, with an action a second after its start. */
function scenario(action: string, seconds: number): string {
  return [
    'name: s',
    'phases:',
    `  - name: failure`,
    `    duration_sec: ${seconds}`,
    '    actions:',
    '      - { type: start_load, target: all_nodes, rps: 60 }',
    `      - { ${action}, at_sec: 1 }`,
    '',
  ].join('\n');
}

function drive(at: string): void {
  shop.write('config.yaml', `control: { proxy: "toxiproxy://${at}" }\n`);
}

describe.skipIf(!needs('toxiproxy'))('a run through a Toxiproxy server', () => {
  let server: ToxiproxyServer;
  beforeEach(async () => {
    server = await ToxiproxyServer.start();
    await server.proxy('theirs', echoServer());
    drive(server.at);
  });
  afterEach(() => server.stop());

  const faults = () => shop.events('r').filter((event): event is FaultEvent => event.type === 'fault');
  const ours = async () => (await server.names()).filter((name) => name !== 'theirs');

  /** Of one node's requests that were due between two seconds of the run: the median of their latencies. */
  function medianMs(node: string, from: number, to: number): number {
    const startedSec = shop.manifest('r').started_at_sec;
    const latencies = shop.rows('r').flatMap((row) => {
      const [timestamp, name, , latencyMs] = row.split(',');
      const second = Number(timestamp) - startedSec;
      return name === node && second >= from && second < to ? [Number(latencyMs)] : [];
    });
    return latencies.toSorted((a, b) => a - b)[Math.floor(latencies.length / 2)] ?? Number.NaN;
  }

  it('slows the node that it is to slow, only then, and leaves nothing there', async () => {
    shop.write('s.yaml', scenario(`${latency}, duration_sec: 2`, 5));
    const { code, stderr } = await shop.orch(args);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('latency of service-node-2: by toxiproxy');
    const slowedMs = medianMs('service-node-2', 1.3, 2.8);
    expect(slowedMs).toBeGreaterThan(300);
    expect(slowedMs - medianMs('service-node-1', 1.3, 2.8)).toBeGreaterThan(200);
    expect(slowedMs - medianMs('service-node-2', 3.5, 5)).toBeGreaterThan(200);
    expect(faults().map(({ state }) => state)).toEqual([
      'requested',
      'effective',
      'undo_requested',
      'undone',
      'verified',
    ]);
    expect(await server.names()).toEqual(['theirs']);
    const { proxies, still_broken: broken } = shop.manifest('r');
    expect(proxies).toEqual({
      at: server.at,
      names: [expect.stringMatching(/^orch-[0-9a-f]{8}-service-node-2$/)],
    });
    expect(broken).toEqual([]);
  });

  it('that is killed is put in order by its guardian', async () => {
    shop.write('s.yaml', scenario(latency, 60));
    const { child, done } = shop.start(args);
    await said(child, /latency service-node-2: effective/);
    const [name = ''] = await ours();
    expect((await server.api.findProxy(name))?.toxics).toHaveLength(1);
    child.kill('SIGKILL');
    await done;
    await until(() => shop.manifest('r').status === 'interrupted');
    expect(await ours()).toEqual([]);
    expect(shop.manifest('r').still_broken).toEqual([]);
  });

  it('that is killed with its guardian is put in order by `orch recover`, whatever it was at', async () => {
    shop.write('s.yaml', scenario(latency, 60));
    const { child, done } = shop.start(args);
    await said(child, /latency service-node-2: effective/);
    await killBoth(child, done);
    expect(await ours()).toHaveLength(1);
    const [name = ''] = await ours();
    const recovered = await shop.orch(['recover']);
    expect(recovered.code, recovered.stderr).toBe(0);
    expect(recovered.stdout).toContain(`ended: proxy ${name} of the Toxiproxy at ${server.at}`);
    expect(await server.names()).toEqual(['theirs']);
    expect((await shop.orch(['recover', 'r'])).stdout).toBe('r is in order\n');
  });

  it('that cannot be put in order while the server stands still, is once it goes on', async () => {
    shop.write('s.yaml', scenario(latency, 60));
    const { child, done } = shop.start(args);
    await said(child, /latency service-node-2: effective/);
    server.signal('SIGSTOP');
    await killBoth(child, done);
    const recovering = shop.orch(['recover', 'r']);
    await sleep(1_000);
    server.signal('SIGCONT');
    expect((await recovering).code).toBe(0);
    expect(await ours()).toEqual([]);
  });

  it('whose proxy cannot be removed says so, and its guardian goes on trying', async () => {
    let isRefusing = true;
    // The real server’s API, but for removing proxies.
    const relay = createServer((request, response) => {
      void (async () => {
        const { method = '', url = '' } = request;
        const isRefused = isRefusing && method === 'DELETE' && !url.includes('/toxics/');
        const body = method === 'POST' ? { body: await text(request) } : {};
        const answer = isRefused ? null : await fetch(`http://${server.at}${url}`, { method, ...body });
        response.writeHead(answer?.status ?? 500).end((await answer?.text()) ?? '{"error":"not now"}');
      })();
    }).listen(0, '127.0.0.1');
    try {
      await once(relay, 'listening');
      drive(`127.0.0.1:${(relay.address() as AddressInfo).port}`);
      shop.write('s.yaml', scenario(`${latency}, duration_sec: 1`, 3));
      const { code, stderr } = await shop.orch(args);
      const [name = ''] = await ours();
      expect(code).toBe(3);
      expect(stderr).toMatch(new RegExp(`STILL BROKEN: proxy ${name} of .* refuses: not now`));
      expect(faults().at(-1)?.state).toBe('verified');
      isRefusing = false;
      const recovered = await shop.orch(['recover', 'r']);
      expect(recovered.code, recovered.stderr).toBe(0);
      expect(await ours()).toEqual([]);
      expect(shop.manifest('r').still_broken).toEqual([]);
    } finally {
      relay.closeAllConnections();
      relay.close();
    }
  });

  it.skipIf(!needs('docker'))('of containers is undone by the journal alone', async () => {
    const containers = new Containers('toxiproxy');
    try {
      const port = await freePort();
      await containers.run({ service: 'web', port });
      const docker = `{ project: ${containers.project} }`;
      shop.write(
        'config.yaml',
        `http_nodes: [http://127.0.0.1:${port}]\nhttp_services: [web]\ncontrol: { proxy: "toxiproxy://${server.at}", network_faults: proxy, docker: ${docker} }\n`,
      );
      shop.write('s.yaml', scenario('type: partition, target: web', 60));
      const { child, done } = shop.start([
        'run',
        '--scenario',
        's.yaml',
        '--run-id',
        'r',
        '--driver',
        'docker',
      ]);
      await said(child, /partition web: effective/);
      const [name = ''] = await ours();
      expect((await server.api.findProxy(name))?.toxics).toHaveLength(2);
      await killBoth(child, done);
      const recovered = await shop.orch(['recover']);
      expect(recovered.code, recovered.stderr).toBe(0);
      expect(recovered.stdout).toContain('undone: web cut off from its clients');
      expect(faults().map(({ state, detail = '' }) => [state, detail.includes(name)])).toEqual([
        ['requested', false],
        ['effective', true],
        ['undo_requested', false],
        ['undone', true],
        ['verified', false],
      ]);
      expect(await server.names()).toEqual(['theirs']);
    } finally {
      await containers.removeAll();
    }
  });

  it('refuses what Toxiproxy cannot do, names who can, and leaves nothing there', async () => {
    shop.write('s.yaml', scenario('type: loss, target: service-node-2, share: 0.1', 5));
    const { code, stderr } = await shop.orch(args);
    expect(code).toBe(104);
    expect(stderr).toContain(
      'loss of service-node-2: toxiproxy: Toxiproxy loses no packets; the embedded proxy can (control.proxy: embedded)',
    );
    expect(await server.names()).toEqual(['theirs']);
    expect((await shop.orch(['runs'])).stdout).not.toContain('s-http');
  });

  it('leaves a server alone that no fault needs', async () => {
    await server.stop();
    shop.write('s.yaml', scenario('type: pause_node, target: service-node-2, duration_sec: 0.5', 2));
    const { code, stderr } = await shop.orch(args);
    expect(code, stderr).toBe(0);
    expect(shop.manifest('r').proxies).toBeUndefined();
  });

  it('is told of by `orch doctor`, answering or not', async () => {
    const finding = async () => {
      const { stdout } = await shop.orch(['doctor', '--json']);
      return (JSON.parse(stdout) as Finding[]).find(({ what }) => what === 'toxiproxy');
    };
    expect(await finding()).toMatchObject({ state: 'ok', says: expect.stringContaining(`at ${server.at}`) });
    await server.stop();
    expect(await finding()).toMatchObject({
      state: 'missing',
      says: expect.stringContaining(`no Toxiproxy answers at ${server.at}`),
    });
    shop.write('config.yaml', '{}\n');
    expect(await finding()).toBeUndefined();
  });
});

describe('a Toxiproxy server that cannot be used', () => {
  it('is told before anything is disturbed', async () => {
    drive('127.0.0.1:9');
    shop.write('s.yaml', scenario(latency, 5));
    const { code, stderr } = await shop.orch(args);
    expect(code).toBe(104);
    expect(stderr).toMatch(/no Toxiproxy answers at 127\.0\.0\.1:9: .*\[toxiproxy-unreachable\]/);
    expect(stderr).toContain('toxiproxy-server');
  });

  it('on another machine is not even asked without --allow-remote', async () => {
    drive('192.0.2.1:8474');
    shop.write('s.yaml', scenario(latency, 5));
    const { code, stderr } = await shop.orch(args);
    expect(code).toBe(104);
    expect(stderr).toContain('the Toxiproxy at 192.0.2.1:8474 is on another machine [remote-engine]');
  });

  it('is explained where its address is none', async () => {
    shop.write('s.yaml', scenario(latency, 5));
    shop.write('config.yaml', 'control: { proxy: "http://127.0.0.1:8474" }\n');
    const { code, stderr } = await shop.orch(args);
    expect(code).toBe(104);
    expect(stderr).toContain('config.yaml:1:19');
    expect(stderr).toContain('must be `embedded`, or the address of a Toxiproxy server');
  });
});

async function killBoth(
  child: ReturnType<Workshop['start']>['child'],
  done: Promise<unknown>,
): Promise<void> {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=', '-o', 'args='], { encoding: 'utf8' }).split('\n');
  const line = lines.find((one) => /guardian\.ts/.test(one) && one.includes(shop.path('runs', 'r')));
  // The guardian must not see the run end, nor the run that its guardian is gone: it would start another.
  child.kill('SIGSTOP');
  process.kill(Number.parseInt(line ?? '', 10), 'SIGKILL');
  child.kill('SIGKILL');
  await done;
}

async function until(holds: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error('waited in vain');
    await sleep(20);
  }
}
