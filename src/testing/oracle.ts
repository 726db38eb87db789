import { DuckDBInstance } from '@duckdb/node-api';
import { expect } from 'vitest';
import type { Analysis, GroupSummary, SecondRow, Summary } from '../model/analysis.ts';
import { z } from '../model/zod.ts';
import { metricsColumns } from '../store/columns.ts';
import type { RunDir } from '../store/run-dir.ts';

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

/** Asks DuckDB, an independent reader and reckoner, about the rows of a run, as the table `requests`. */
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

const second = 'floor(timestamp)::INT - (SELECT min(floor(timestamp)) FROM requests)::INT';

/**
 * Holds everything that an analysis says of its run in whole seconds, by node, phase and outcome against DuckDB, and what it
 * says of windows and costs to the request.
 */
export async function expectAsDuckDb(
  analysis: Analysis,
  run: RunDir,
  columns: readonly string[] = metricsColumns,
): Promise<void> {
  const ask = await oracle(run.metrics, columns);

  const [whole] = await ask(select("'all'"));
  expectSame(analysis.run_summary, whole!);
  const [span] = await ask(
    'SELECT (max(timestamp) - min(timestamp)) * count(*) / (count(*) - 1) AS sec FROM requests',
  );
  expect(analysis.run_summary.duration_sec).toBeCloseTo(Number(span?.['sec']), 6);

  const seconds = await ask(select(second));
  expect(analysis.seconds).toHaveLength(seconds.length);
  for (const [sec, theirs] of seconds.entries()) {
    expectSame(analysis.seconds[sec]!, theirs);
    expect(analysis.seconds[sec]!.throughput_rps).toBe(Number(theirs['ok']) + Number(theirs['fail']));
  }

  const { per_node, per_outcome, per_phase } = analysis.run_tables;
  expectTable(per_node, await ask(select('node')));
  expectTable(per_outcome, await ask(select('outcome')));
  if (columns.includes('phase')) {
    const phases = await ask(select('phase'));
    expect(per_phase.map(({ name }) => name)).toEqual(phases.map(({ name }) => name));
    expectTable(per_phase, phases);
  }

  // The windows: gaps and islands over the anomalous seconds, of which SQL knows only the definition.
  const { throughput_drop_threshold, error_rate_threshold, warmup_ignore_sec } = analysis.thresholds;
  const floor = analysis.baseline_summary.throughput_rps * (1 - throughput_drop_threshold);
  const islands = await ask(`
    WITH seconds AS (${select(second)}),
    anomalous AS (SELECT name FROM seconds
      WHERE name >= ${warmup_ignore_sec} AND name < (SELECT max(name) FROM seconds)
        AND (ok + fail < ${floor} OR error_rate > ${error_rate_threshold})),
    islands AS (SELECT name, name - row_number() OVER (ORDER BY name) AS island FROM anomalous)
    SELECT min(name)::DOUBLE AS start_sec, max(name)::DOUBLE AS end_sec FROM islands GROUP BY island ORDER BY 1`);
  expect(islands.length).toBeGreaterThan(0);
  expect(analysis.anomaly_windows.map(({ start_sec, end_sec }) => ({ start_sec, end_sec }))).toEqual(islands);
  expect(analysis.recovery_time_sec).toBe(
    Number(islands.at(-1)?.['end_sec']) - Number(islands[0]?.['start_sec']),
  );

  for (const window of analysis.windows) {
    if (window.metric !== 'error_rate' || window.cause !== 'error_rate') continue;
    const own = window.nodes.map((name) => `'${name}'`).join(', ');
    const [theirs] = await ask(`
      SELECT avg((outcome <> 'ok')::INT) AS error_rate FROM requests
      WHERE node IN (${own}) AND ${within(window)}`);
    expect(window.magnitude).toBeCloseTo(Number(theirs?.['error_rate']), 9);
  }
  for (const cost of analysis.costs) {
    const [theirs] = await ask(`
      SELECT count(*)::DOUBLE AS due, (count(*) FILTER (outcome <> 'ok'))::DOUBLE AS failed
      FROM requests WHERE ${within(cost)}`);
    expect({ due: cost.due, failed: cost.failed }).toEqual(theirs);
  }
}

/** Times are told to the microsecond, and so are those of the rows: half of one is between them. */
function within({ start_sec, end_sec }: { readonly start_sec: number; readonly end_sec: number }): string {
  const sec = '(timestamp - (SELECT min(floor(timestamp)) FROM requests))';
  return `${sec} >= ${start_sec - 5e-7} AND ${sec} < ${end_sec - 5e-7}`;
}

function expectTable(ours: readonly GroupSummary[], theirs: readonly Answer[]): void {
  expect(ours).toHaveLength(theirs.length);
  for (const group of ours) expectSame(group, theirs.find(({ name }) => name === group.name)!);
}
