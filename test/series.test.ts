import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SeriesReport } from '../src/gate/judge-series.ts';
import type { SeriesAnalysis } from '../src/model/series-analysis.ts';
import { said, Workshop } from './support.ts';

/** A series of runs: the real command line on real embedded nodes. */

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
  // So short a run would be nothing but warm-up.
  shop.write('config.yaml', 'anomaly_detection: { warmup_ignore_sec: 0 }\n');
  shop.write(
    's.yaml',
    `name: s
phases:
  - { name: calm, duration_sec: 1.2, actions: [{ type: start_load, target: all_nodes, rps: 40 }] }
  - { name: slow, duration_sec: 1, actions: [{ type: latency, target: service-node-2, latency_ms: 300 }] }
`,
  );
});
afterEach(() => shop.close());

const args = ['run', '--scenario', 's.yaml', '--run-id', 'night', '--driver', 'process', '--seed', '5'];
const faultsOf = (run: string) => shop.events(run).filter(({ type }) => type === 'fault');

describe('orch run --repeat', () => {
  it('makes pairs in turn, of which the one is the other without its faults', {
    timeout: 60_000,
  }, async () => {
    const gates = ['availability >= 90%', 'regression(mean_latency_ms) < 1%'].flatMap((gate) => [
      '--gate',
      gate,
    ]);
    const asked = ['--repeat', '2', '--json', '--junit', 'junit.xml'];
    const { code, stdout, stderr } = await shop.orch([...args, ...gates, ...asked]);
    expect(code, stderr).toBe(99);
    const told = JSON.parse(stdout) as {
      series_id: string;
      runs: { run_id: string }[];
      verdict: SeriesReport;
    };
    // Each run with the fault is judged against its own baseline; a gate holds where it does in all of them.
    expect(told.verdict.runs.map(({ run_id, baseline_id }) => `${run_id} ${baseline_id}`)).toEqual([
      'night-f1 night-b1',
      'night-f2 night-b2',
    ]);
    const [available, regression] = told.verdict.gates;
    expect(available).toMatchObject({ status: 'passed', why: expect.stringContaining('2 of 2 runs') });
    expect(regression?.status).toBe('failed');
    expect(stderr).toContain('night: 1 gate passed, 1 failed [gate-failed]');
    expect(readFileSync(shop.path('junit.xml'), 'utf8')).toContain(
      'name="night-f2: f1 (latency service-node-2)',
    );
    expect(readFileSync(shop.path('runs/night-f1/gates.json'), 'utf8')).toContain('"night-b1"');
    expect(told.series_id).toBe('night');
    expect(told.runs.map(({ run_id }) => run_id)).toEqual(['night-b1', 'night-f1', 'night-f2', 'night-b2']);
    expect(stderr).toContain('run 4 of 4: pair 2, baseline, without the faults');
    for (const pair of [1, 2]) {
      const [calm, faulty] = [`night-b${pair}`, `night-f${pair}`];
      expect(shop.manifest(calm).seed).toBe(4 + pair);
      expect(shop.manifest(faulty).seed).toBe(4 + pair);
      expect(shop.manifest(calm).series).toMatchObject({ side: 'baseline', faults_left_out: true, of: 2 });
      expect(faultsOf(calm)).toEqual([]);
      expect(faultsOf(faulty).length).toBeGreaterThan(0);
      // The same requests to the same nodes; rows stand in the order of answers.
      const sent = (run: string) =>
        shop
          .rows(run)
          .sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
          .map((row) => row.split(',')[1]);
      expect(sent(calm)).toEqual(sent(faulty));
    }

    const text = await shop.orch(['analyze', '--series', 'night']);
    expect(text.code, text.stderr).toBe(2);
    expect(text.stdout).toContain('2 runs against 2 baselines');
    expect(text.stdout).toContain('at least 3 more pairs');
    const { metrics } = JSON.parse(
      (await shop.orch(['analyze', '--series', 'night', '--json'])).stdout,
    ) as SeriesAnalysis;
    const p95 = metrics.find(({ metric }) => metric === 'p95_latency_ms');
    expect(p95?.difference).toBeGreaterThan(200);
    expect(p95?.verdict).toBe('undecided');
  });

  it('is ended by Ctrl-C, and what was finished stays', { timeout: 60_000 }, async () => {
    const { child, done } = shop.start([...args, '--repeat', '3']);
    await said(child, /latency service-node-2: effective/);
    child.kill('SIGINT');
    const { code, stderr } = await done;
    expect(code, stderr).toBe(105);
    expect(stderr).toContain('night: 2 of 6 runs were made\n');
    expect(shop.manifest('night-b1')).toMatchObject({ status: 'complete' });
    expect(shop.manifest('night-f1')).toMatchObject({ status: 'interrupted', still_broken: [] });
    const { code: analysed, stderr: why } = await shop.orch(['analyze', '--series', 'night']);
    expect(analysed).toBe(2);
    expect(why).toContain('night-f1: it is interrupted, not complete');
  });
});
