import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Collector, valuesOf } from '../src/testing/collector.ts';
import { said, scenarioText, Workshop } from './support.ts';

// Whole runs of several seconds, beside whatever else the machine does.
vi.setConfig({ testTimeout: 90_000 });

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
  shop.write(
    's.yaml',
    scenarioText('s', [2, 3, 2], { type: 'kill_node', undo: 'restart_node', node: 'service-node-2' }),
  );
});
afterEach(() => shop.close());
const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--driver', 'process', '--seed', '1'];

/** The samples of Prometheus' text, by name and labels. */
async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]));
}

describe('orch run --prometheus', () => {
  it('tells of a run while it goes on, and in the end of every request that it recorded', async () => {
    const { child, done } = shop.start([...args, '--prometheus', '0']);
    let told = '';
    child.stderr?.on('data', (text: Buffer) => {
      told += text.toString();
    });
    await said(child, /kill service-node-2: effective/);
    const url = /metrics: (\S+)/.exec(told)?.[1] ?? '';
    const during = await scrape(url);
    expect(during.get('orch_fault_active{fault="kill",node="service-node-2"}')).toBe(1);
    expect(during.get('orch_phase{phase="failure"}')).toBe(1);
    expect(during.get('orch_target_rps')).toBe(50);
    await said(child, /waiting up to 19 s for Prometheus to read the last figures/);
    const last = await scrape(url);
    const { code, stderr } = await done;
    expect(code, stderr).toBe(0);
    const { counts } = shop.manifest('r');
    const total = (outcome: string) =>
      [1, 2, 3]
        .map((nth) => last.get(`orch_requests_total{node="service-node-${nth}",outcome="${outcome}"}`) ?? 0)
        .reduce((sum, count) => sum + count, 0);
    expect({
      due: last.get('orch_requests_due_total'),
      ok: total('ok'),
      fail: total('fail'),
      unknown: total('unknown'),
      dropped: total('dropped'),
    }).toEqual(counts);
    expect(last.get('orch_fault_active{fault="kill",node="service-node-2"}')).toBe(0);
    expect(last.get('orch_in_flight')).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('refuses what is no port before anything is touched', async () => {
    const { code, stderr } = await shop.orch([...args, '--prometheus', '70000']);
    expect(code).toBe(104);
    expect(stderr).toContain('--prometheus 70000 is not a port');
    expect((await shop.orch(['runs'])).stdout).toContain('no runs');
  });
});

describe('orch run --otlp', () => {
  it('sends run, phases and faults as spans, and in the end every request that it recorded', async () => {
    const collector = await Collector.open();
    try {
      const { code, stderr } = await shop.orch([...args, '--otlp', collector.url]);
      expect(code, stderr).toBe(0);
      expect(collector.spans.map(({ name }) => name).sort()).toEqual([
        'fault kill',
        'phase failure',
        'phase recovery',
        'phase warmup',
        'run s',
      ]);
      const counted = new Map<unknown, number>();
      for (const { attributes, asDouble, asInt } of collector.points('orch.requests')) {
        const { outcome } = valuesOf(attributes);
        counted.set(outcome, (counted.get(outcome) ?? 0) + Number(asDouble ?? asInt));
      }
      const { due, ...byOutcome } = shop.manifest('r').counts;
      expect(Object.fromEntries(counted)).toEqual(byOutcome);
      expect(due).toBeGreaterThan(300);
    } finally {
      await collector.close();
    }
  });

  it('to a collector that is not there changes nothing but for a warning', async () => {
    const { code, stderr } = await shop.orch([...args, '--otlp', 'http://127.0.0.1:9']);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /warning: nothing reaches the collector at http:\/\/127\.0\.0\.1:9.*the run goes on/,
    );
    expect(shop.rows('r').length).toBe(shop.manifest('r').counts.due);
  });

  it('refuses what is no URL', async () => {
    const { code, stderr } = await shop.orch([...args, '--otlp', '127.0.0.1:4318']);
    expect(code).toBe(104);
    expect(stderr).toContain('--otlp 127.0.0.1:4318 is not the URL of a collector');
  });
});

describe('orch run --traceparent', () => {
  /** What a run's requests bring with them as `traceparent`. */
  async function brought(
    more: readonly string[],
    { headers = '', seconds = 2 } = {},
  ): Promise<(string | undefined)[]> {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      // Whether a node answers at all is asked by a request of another kind.
      if (headers['x-load'] === 'yes') seen.push(headers['traceparent']?.toString());
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const nodes = `http_nodes: ["http://127.0.0.1:${port}"]\n`;
    shop.write('config.yaml', `${nodes}http_workload: { headers: { X-Load: "yes"${headers} } }\n`);
    shop.write('load.yaml', scenarioText('load', [seconds]));
    try {
      const { code, stderr } = await shop.orch(['run', '--scenario', 'load.yaml', '--run-id', 'r', ...more]);
      expect(code, stderr).toBe(0);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    return seen;
  }
  const column = (name: string): (string | undefined)[] => {
    const [head = '', ...lines] = readFileSync(shop.path('runs', 'r', 'metrics.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    const index = head.split(',').indexOf(name);
    return lines.map((line) => line.split(',')[index]);
  };

  it('gives each request a trace of its own, which stands in its row, and whose first half is in the manifest', async () => {
    const seen = await brought(['--traceparent'], { seconds: 5 });
    expect(seen.length).toBeGreaterThan(240);
    const traces = seen.map((header) => /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(header ?? '')?.[1]);
    expect(new Set(traces).size).toBe(seen.length);
    expect(traces.sort()).toEqual(column('trace_id').sort());
    const { traceparent } = shop.manifest('r').config.load;
    expect(traces.every((id) => id?.startsWith(String(traceparent)))).toBe(true);
    const analysed = await shop.orch(['analyze', '--baseline', 'r', '--run', 'r']);
    expect(analysed.code, analysed.stderr).toBe(0);
  });

  it('comes before a header of the config', async () => {
    const seen = await brought(['--traceparent'], { headers: ', Traceparent: mine' });
    expect(seen.map((header) => header?.split('-')[1]).sort()).toEqual(column('trace_id').sort());
  });

  it('is not the default', async () => {
    expect(new Set(await brought([]))).toEqual(new Set([undefined]));
    expect(new Set(column('trace_id'))).toEqual(new Set([undefined]));
  });

  it('is refused where nothing is sent by HTTP', async () => {
    shop.write('load.yaml', scenarioText('load', [2]));
    const options = ['--scenario', 'load.yaml', '--mode', 'redis', '--traceparent'];
    const { code, stderr } = await shop.orch(['run', ...options]);
    expect(code).toBe(104);
    expect(stderr).toContain('--traceparent: the scenario sends no HTTP request');
  });
});
