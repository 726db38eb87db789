import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { GroupSummary, SecondRow, Summary } from '../model/analysis.ts';
import { configSchema } from '../model/config.ts';
import type { Outcome } from '../model/record.ts';
import { fixedColumns, metricsColumns } from '../store/columns.ts';
import { csvOf, type Row, runOf } from '../testing/run-files.ts';
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

/** Our definitions in SQL. Nothing of the code under test is used. */
function select(by: string, where = 'true'): string {
  return `
    SELECT ${by} AS name, count(*)::DOUBLE AS due,
      (count(*) FILTER (outcome = 'ok'))::DOUBLE AS ok, (count(*) FILTER (outcome = 'fail'))::DOUBLE AS fail,
      (count(*) FILTER (outcome = 'unknown'))::DOUBLE AS unknown,
      (count(*) FILTER (outcome = 'dropped'))::DOUBLE AS dropped,
      1 - count(*) FILTER (outcome = 'ok') / count(*) AS error_rate,
      quantile_cont(latency_ms, 0.5) AS p50_latency_ms, quantile_cont(latency_ms, 0.95) AS p95_latency_ms,
      quantile_cont(latency_ms, 0.99) AS p99_latency_ms, max(latency_ms) AS max_latency_ms,
      avg(latency_ms) AS mean_latency_ms
    FROM requests WHERE ${where} GROUP BY ALL ORDER BY min(timestamp), name`;
}

const answerSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
type Answer = z.output<typeof answerSchema>;

async function oracle(path: string, columns: readonly string[]) {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const derived = `CASE WHEN error = 'dropped' THEN 'dropped' WHEN error = 'timeout' THEN 'unknown'
    WHEN error <> '' OR status_code >= 400 THEN 'fail' ELSE 'ok' END`;
  const types = columns.map(
    (column) => `'${column}': '${/timestamp|_ms|status/.test(column) ? 'DOUBLE' : 'VARCHAR'}'`,
  );
  await connection.run(`
    CREATE TABLE requests AS
    SELECT * EXCLUDE (error), coalesce(error, '') AS error FROM read_csv('${path}', header = true, columns = {${types.join(', ')}})`);
  if (!columns.includes('outcome')) {
    await connection.run(
      `ALTER TABLE requests ADD COLUMN outcome VARCHAR; UPDATE requests SET outcome = ${derived}`,
    );
  }
  return async (sql: string): Promise<Answer[]> =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson().map((row) => answerSchema.parse(row));
}

function expectSame(ours: Summary | GroupSummary | SecondRow, theirs: Answer): void {
  const shared = Object.entries(theirs).filter(([key]) => key in ours);
  expect(shared.length).toBeGreaterThanOrEqual(8);
  const numbers: Record<string, unknown> = { ...ours };
  for (const [key, value] of shared) {
    if (typeof value === 'number') expect(numbers[key], key).toBeCloseTo(value, 9);
    else expect(numbers[key], key).toBe(value);
  }
}

test.each([
  ['the five columns', fixedColumns],
  ['all our columns', metricsColumns],
] as const)('DuckDB comes to the same numbers from %s', async (_, columns) => {
  const baseline = await runOf({ 'metrics.csv': csvOf(requests(1), columns) }, 'base');
  const run = await runOf({ 'metrics.csv': csvOf(requests(2), columns) }, 'run');
  const analysis = await analyzeRuns({ baseline, run, thresholds });
  const ask = await oracle(run.metrics, columns);

  const [whole] = await ask(select("'all'"));
  expectSame(analysis.run_summary, whole!);
  const [span] = await ask(
    'SELECT (max(timestamp) - min(timestamp)) * count(*) / (count(*) - 1) AS sec FROM requests',
  );
  expect(analysis.run_summary.duration_sec).toBeCloseTo(Number(span?.['sec']), 6);

  const seconds = await ask(
    select('floor(timestamp)::INT - (SELECT min(floor(timestamp)) FROM requests)::INT'),
  );
  expect(analysis.seconds).toHaveLength(seconds.length);
  for (const [sec, theirs] of seconds.entries()) {
    expectSame(analysis.seconds[sec]!, theirs);
    expect(analysis.seconds[sec]!.throughput_rps).toBe(Number(theirs['ok']) + Number(theirs['fail']));
  }

  const nodes = await ask(select('node'));
  expect(analysis.run_tables.per_node).toHaveLength(3);
  for (const ours of analysis.run_tables.per_node)
    expectSame(ours, nodes.find(({ name }) => name === ours.name)!);
  const byOutcome = await ask(select('outcome'));
  expect(analysis.run_tables.per_outcome).toHaveLength(4);
  for (const ours of analysis.run_tables.per_outcome) {
    expectSame(ours, byOutcome.find(({ name }) => name === ours.name)!);
  }
  if (columns.length > fixedColumns.length) {
    const phases = await ask(select('phase'));
    expect(analysis.run_tables.per_phase.map(({ name }) => name)).toEqual(phases.map(({ name }) => name));
    for (const [index, theirs] of phases.entries()) expectSame(analysis.run_tables.per_phase[index]!, theirs);
  }

  // The windows: gaps and islands over the anomalous seconds, of which SQL knows only the definition.
  const floor = analysis.baseline_summary.throughput_rps * 0.7;
  const islands = await ask(`
    WITH seconds AS (${select('floor(timestamp)::INT - (SELECT min(floor(timestamp)) FROM requests)::INT')}),
    anomalous AS (SELECT name FROM seconds
      WHERE name >= 3 AND name < (SELECT max(name) FROM seconds) AND (ok + fail < ${floor} OR error_rate > 0.2)),
    islands AS (SELECT name, name - row_number() OVER (ORDER BY name) AS island FROM anomalous)
    SELECT min(name)::DOUBLE AS start_sec, max(name)::DOUBLE AS end_sec FROM islands GROUP BY island ORDER BY 1`);
  expect(islands.length).toBeGreaterThan(0);
  expect(analysis.anomaly_windows.map(({ start_sec, end_sec }) => ({ start_sec, end_sec }))).toEqual(islands);
  expect(analysis.recovery_time_sec).toBe(
    Number(islands.at(-1)?.['end_sec']) - Number(islands[0]?.['start_sec']),
  );
});
