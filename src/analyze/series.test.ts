import { describe, expect, it } from 'vitest';
import type { Manifest } from '../model/manifest.ts';
import { csvOf, manifestOf, rowsAt, runOf } from '../testing/run-files.ts';
import { analyzeSeries } from './series.ts';

/** Ten seconds at 20 a second, each answered after about that long. */
function run(id: string, latencyMs: number, change: Partial<Manifest> = {}, seconds = 10) {
  const rows = rowsAt({ from: 1000, rps: 20, count: seconds * 20 }, (_, index) => ({
    latency_ms: latencyMs + (index % 10),
  }));
  const counts = { due: rows.length, ok: rows.length, fail: 0, unknown: 0, dropped: 0 };
  return runOf({ 'metrics.csv': csvOf(rows), 'manifest.json': manifestOf({ counts, ...change }) }, id);
}

const sixOf = (letter: string, latencyMs: number) =>
  Promise.all([0, 1, 2, 3, 4, 5].map((number) => run(`${letter}${number}`, latencyMs + number / 10)));

describe('analyzeSeries', () => {
  it('holds runs against runs, one number for each', async () => {
    const analysis = await analyzeSeries({
      seriesId: 's',
      baselines: await sixOf('b', 20),
      runs: await sixOf('f', 40),
      effect: 0.1,
    });
    expect(analysis).toMatchObject({ series_id: 's', conclusive: true, pairs_missing: 0, left_out: [] });
    const verdicts = analysis.metrics.map(({ metric, verdict }) => `${metric} ${verdict}`);
    expect(verdicts).toEqual([
      'throughput_rps alike',
      'goodput_rps alike',
      'error_rate alike',
      'p50_latency_ms worse',
      'p95_latency_ms worse',
      'p99_latency_ms worse',
    ]);
    const p50 = analysis.metrics[3];
    expect(p50?.baseline).toEqual([24.5, 24.6, 24.7, 24.8, 24.9, 25].map((ms) => expect.closeTo(ms, 9)));
    expect(p50?.difference).toBeCloseTo(20, 9);
  });

  it('leaves out, with the reason, runs that show nothing', async () => {
    const baselines = await sixOf('b', 20);
    const bad = [
      await run('f6', 40, { status: 'interrupted', reason: 'SIGINT' }),
      await run('f7', 40, { conclusive: false }),
    ];
    const runs = [...(await sixOf('f', 40)), ...bad];
    const analysis = await analyzeSeries({ seriesId: null, baselines, runs, effect: 0.1 });
    expect(analysis.run_ids).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5']);
    expect(analysis.left_out.map(({ run_id, why }) => `${run_id}: ${why}`)).toEqual([
      'f6: it is interrupted, not complete',
      expect.stringMatching(/^f7: .*nothing can be concluded/),
    ]);
    await expect(analyzeSeries({ seriesId: null, baselines, runs: bad, effect: 0.1 })).rejects.toMatchObject({
      code: 'no-data',
      message: 'there is no run from which anything can be concluded',
    });
  });

  it('says how many more pairs there must be, and that lengths differ', async () => {
    const analysis = await analyzeSeries({
      seriesId: null,
      baselines: [await run('b', 20)],
      runs: [await run('f', 20, {}, 20)],
      effect: 0.1,
    });
    expect(analysis).toMatchObject({ conclusive: false, pairs_missing: 4 });
    expect(analysis.warnings).toContain('the runs are of different lengths, from 10.0 to 20.0 s');
  });
});
