import { expect, test } from 'vitest';
import { configSchema } from '../model/config.ts';
import type { Outcome } from '../model/record.ts';
import { fixedColumns, metricsColumns } from '../store/columns.ts';
import { expectAsDuckDb } from '../testing/oracle.ts';
import { csvOf, type Row, runOf, temporaryDir } from '../testing/run-files.ts';
import { weathers } from '../testing/scripted/noise.ts';
import { writeScriptedRun } from '../testing/scripted/scripted-run.ts';
import { analyzeRuns } from './analyze.ts';

const thresholds = {
  ...configSchema.parse({}).anomaly_detection,
  throughput_drop_threshold: 0.3,
  error_rate_threshold: 0.2,
  warmup_ignore_sec: 3,
};

/** Numerical Recipes' linear congruential generator: good enough to make up requests, and the same every time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const kinds: readonly { readonly outcome: Outcome; readonly status: number; readonly error: string }[] = [
  { outcome: 'fail', status: 503, error: '' },
  { outcome: 'fail', status: 0, error: 'ECONNREFUSED' },
  { outcome: 'fail', status: 0, error: 'refused, by "node"' },
  { outcome: 'unknown', status: 0, error: 'timeout' },
  { outcome: 'dropped', status: 0, error: 'dropped' },
];

/** 8,000 requests over 40 s at random times, in no order; more of them go wrong between 15 and 25. */
function requests(seed: number): Row[] {
  const draw = random(seed);
  return Array.from({ length: 8000 }, () => {
    const at = draw() * 40;
    const wrong = draw() < (at > 15 && at < 25 ? 0.4 : 0.03);
    const kind = wrong
      ? kinds[Math.floor(draw() * kinds.length)]!
      : ({ outcome: 'ok', status: 200, error: '' } as const);
    return {
      timestamp: (1_700_000_000.3 + at).toFixed(6),
      node: `node-${Math.floor(draw() * 3)}`,
      status_code: kind.status,
      latency_ms: kind.outcome === 'dropped' ? '' : (draw() ** 4 * 2000).toFixed(3),
      error: kind.error,
      outcome: kind.outcome,
      phase: at < 15 ? 'warmup' : at < 25 ? 'failure' : 'recovery',
      op: 'POST /work',
    };
  });
}

test.each([
  ['the five columns', fixedColumns],
  ['all our columns', metricsColumns],
] as const)('DuckDB comes to the same numbers from %s', async (_, columns) => {
  const baseline = await runOf({ 'metrics.csv': csvOf(requests(1), columns) }, 'base');
  const run = await runOf({ 'metrics.csv': csvOf(requests(2), columns) }, 'run');
  const analysis = await analyzeRuns({ baseline, run, thresholds });
  expect(analysis.run_tables.per_node).toHaveLength(3);
  expect(analysis.run_tables.per_outcome).toHaveLength(4);
  await expectAsDuckDb(analysis, run, columns);
});

test('and from runs that follow a script, with windows and costs to the request', async () => {
  const directory = await temporaryDir();
  const common = { rps: 200, durationSec: 30, nodes: ['a', 'b', 'c'], weather: weathers.usual, isTold: true };
  const disturbance = { fromSec: 12.3456, toSec: 16.789, node: 'b', addMs: 0, share: 0.7 };
  const baseline = await writeScriptedRun(directory, 'base', { ...common, seed: 1, disturbance: null });
  for (const kind of ['refuse', 'errors', 'reset'] as const) {
    const run = await writeScriptedRun(directory, kind, {
      ...common,
      seed: 2,
      disturbance: { ...disturbance, kind },
    });
    const analysis = await analyzeRuns({ baseline: baseline.dir, run: run.dir, thresholds });
    expect(analysis.windows.map(({ cause }) => cause)).toContain('error_rate');
    expect(analysis.costs).toHaveLength(1);
    await expectAsDuckDb(analysis, run.dir);
  }
});
