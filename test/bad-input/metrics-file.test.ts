import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from '../support.ts';
import { expectError } from './expect-error.ts';
import { calm, foreignRun, header } from './foreign-run.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
});
afterEach(() => shop.close());

describe('a metrics file', () => {
  const analyze = (id: string) => shop.orch(['analyze', '--baseline', 'calm', '--run', id]);
  beforeEach(() => foreignRun(shop, 'calm', calm));

  it('of another origin, with the five columns and the Redis name, is analysed', async () => {
    foreignRun(shop, 'other', calm, 'redis_metrics.csv');
    const { code, stderr } = await analyze('other');
    expect(code, stderr).toBe(0);
    expect(shop.analysis('other')).toMatchObject({
      run_summary: { throughput_rps: 50, p50_latency_ms: 12.5, error_rate: 0 },
      throughput_drop_pct: 0,
      anomaly_windows: [],
      recovery_time_sec: null,
    });
  });

  it.each([
    ['is missing', undefined, 104],
    ['is empty', '', 2],
    ['has only a header', header, 2],
    ['has none of the columns', 'a,b\n1,2\n', 2],
  ])('that %s is a clear error', async (_, csv, exit) => {
    mkdirSync(shop.path('runs/r'), { recursive: true });
    if (csv !== undefined) foreignRun(shop, 'r', csv);
    expectError(await analyze('r'), exit, /metrics\.csv|rows|columns/);
  });

  it('that is half-written is read as far as it goes, and it says so', async () => {
    foreignRun(shop, 'r', `${calm}1010.0,a,20`);
    const { code, stdout } = await analyze('r');
    expect(code).toBe(0);
    expect(shop.analysis('r').run_summary.due).toBe(500);
    expect(stdout).toMatch(/warning: .*(cut|truncated|half|incomplete)/i);
  });
});
