import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultEvent } from '../src/model/event.ts';
import { needs } from '../src/testing/requirements.ts';
import { type Finished, scenarioText, Workshop } from './support.ts';

/** The main job from end to end: the real command line on real embedded nodes, and a look at the files it leaves. */
function mainJob(mode: 'http' | 'redis', node: string, share: number): void {
  const shop = new Workshop();
  const finished: Record<string, Finished> = {};

  beforeAll(async () => {
    shop.write('calm.yaml', scenarioText('calm', [6]));
    shop.write(
      'failure.yaml',
      scenarioText('failure', [5, 5, 5], { type: 'kill_node', undo: 'restart_node', node }),
    );
    const run = (scenario: string, id: string) =>
      shop.orch([
        'run',
        '--scenario',
        scenario,
        '--run-id',
        id,
        '--mode',
        mode,
        '--driver',
        'process',
        '--seed',
        '5',
      ]);
    finished['calm'] = await run('calm.yaml', 'calm');
    finished['failure'] = await run('failure.yaml', 'failure');
    const about = ['--baseline', 'calm', '--run', 'failure'];
    finished['analyze'] = await shop.orch(['analyze', ...about]);
    finished['plot'] = await shop.orch(['plot', ...about]);
    finished['summarize'] = await shop.orch(['summarize', ...about]);
  });
  afterAll(() => shop.close());

  it('ends each command with exit code 0', () => {
    const failed = Object.entries(finished).filter(([, { code }]) => code !== 0);
    expect(failed.map(([name, { stderr }]) => `${name}: ${stderr}`)).toEqual([]);
  });

  it('records each request that was due: 50 a second, whatever the nodes did', () => {
    expect(shop.rows('calm').length).toBe(300);
    expect(shop.rows('failure').length).toBe(750);
    const { counts, status, conclusive } = shop.manifest('failure');
    expect({ status, conclusive }).toEqual({ status: 'complete', conclusive: true });
    expect(counts.ok + counts.fail + counts.unknown + counts.dropped).toBe(750);
  });

  it('journals the fault from request to a node that serves again, with both clocks', () => {
    const faults = shop.events('failure').filter((event): event is FaultEvent => event.type === 'fault');
    expect(faults.map(({ state }) => state)).toEqual([
      'requested',
      'effective',
      'undo_requested',
      'undone',
      'verified',
    ]);
    expect(faults[0]?.undo?.incarnation).toMatch(/\d/);
    const [requested, effective] = faults;
    expect((requested?.run_ms ?? 0) / 1000).toBeGreaterThanOrEqual(5);
    expect((effective?.run_ms ?? 0) - (requested?.run_ms ?? 0)).toBeLessThan(5000);
    const walls = faults.map(({ wall_sec: wall }) => wall);
    expect(walls).toEqual(walls.toSorted((a, b) => a - b));
  });

  it('finds the node’s share of errors during the failure, and windows that fit the fault within a second', () => {
    const analysis = shop.analysis('failure');
    const during = analysis.run_tables.per_phase.find(({ name }) => name === 'failure');
    expect(during?.error_rate).toBeGreaterThan(share - 0.12);
    expect(during?.error_rate).toBeLessThan(share + 0.12);
    expect(analysis.run_tables.per_node.find(({ name }) => name !== node)?.error_rate).toBe(0);
    const [fault] = analysis.faults;
    const [first] = analysis.anomaly_windows;
    const last = analysis.anomaly_windows.at(-1);
    expect(first?.faults).toEqual(['f1']);
    expect(Math.abs((first?.start_sec ?? 0) - (fault?.effective_sec ?? 99))).toBeLessThanOrEqual(1);
    // The last second is inclusive: the window ends where the next one begins.
    expect(Math.abs((last?.end_sec ?? 0) + 1 - (fault?.verified_sec ?? 99))).toBeLessThanOrEqual(1);
    expect(analysis.recovery_time_sec).toBe((last?.end_sec ?? 0) - (first?.start_sec ?? 0));
    expect(analysis.recovered).toBe(true);
  });

  it('prints a table, draws two charts as PNG and SVG, and writes a summary that says where it comes from', () => {
    expect(finished['analyze']?.stdout).toMatch(/throughput.*rps.*rps/);
    for (const chart of ['throughput', 'comparison']) {
      const png = readFileSync(shop.path('runs/failure', `${chart}.png`));
      expect(png.subarray(1, 4).toString()).toBe('PNG');
      expect(png.length).toBeGreaterThan(20_000);
      expect(readFileSync(shop.path('runs/failure', `${chart}.svg`), 'utf8')).toContain('<svg');
    }
    const summary = readFileSync(shop.path('runs/failure/summary.md'), 'utf8');
    expect(summary).toContain(node);
    expect(summary).toMatch(/GROQ_API_KEY/);
  });
}

describe('the main job on embedded HTTP nodes', () => mainJob('http', 'service-node-2', 1 / 3));
describe.skipIf(!needs('redis'))('the main job on embedded Redis nodes', () =>
  mainJob('redis', 'redis-node-1', 1 / 2),
);
