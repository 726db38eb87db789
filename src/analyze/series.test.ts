import { writeFile } from 'node:fs/promises';
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

  it('totals the writes of all runs that checked them, and says of which it is not known', async () => {
    const check = { name: 'c', refused: 0, skipped: 0, read_from: 'a', indeterminate: 0, unread: 0 };
    const counts = { acknowledged: 100, lost: 2, duplicates: null, stale_reads: 1, indeterminate_there: 0 };
    const examples = { lost: [], duplicates: [], stale_reads: [] };
    const found = {
      lost_writes: 2,
      duplicates: null,
      stale_reads: 1,
      checks: [{ ...check, ...counts, examples }],
    };
    const write = { type: 'write', check: 'c', token: 't.1', node: 'a', sent_ms: 1, done_ms: 2, error: '' };
    const torn = `${JSON.stringify({ ...write, outcome: 'acknowledged' })}\n{"type":"wri`;
    const killed = await run('f1', 40, { status: 'interrupted', reason: 'cut off: orch was killed' });
    await writeFile(killed.writes, torn);
    const unread = { ...found, checks: [{ ...check, ...counts, unread: 3, examples }] };
    const runs = [
      await run('f0', 40, { correctness: found }),
      killed,
      await run('f2', 40, { conclusive: false, correctness: unread }),
    ];
    const { writes, left_out } = await analyzeSeries({
      seriesId: null,
      baselines: [await run('b', 20)],
      runs,
      effect: 0.1,
    });
    expect(left_out.map(({ run_id }) => run_id)).toEqual(['f1', 'f2']);
    expect(writes).toEqual({
      baseline: null,
      run: {
        runs: 2,
        acknowledged: 200,
        lost_writes: 4,
        duplicates: null,
        stale_reads: 2,
        not_known: [
          { run_id: 'f1', why: '1 write was not read back: cut off: orch was killed' },
          { run_id: 'f2', why: '3 of its writes could not be read back' },
        ],
      },
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
