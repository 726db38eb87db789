import { expect, test } from 'vitest';
import type { Unstamped } from '../model/event.ts';
import { metricsColumns } from '../store/columns.ts';
import { csvOf, eventsOf, rowsAt, runOf } from '../testing/run-files.ts';
import { summarizeRun } from './analyze.ts';

const phase = (name: string): Unstamped => ({ type: 'phase_started', phase: name, duration_sec: 10 });

test('without a phase column, rows belong to the phase that ran at their time', async () => {
  const report = await summarizeRun(
    await runOf({
      'metrics.csv': csvOf(rowsAt({ from: 2000, rps: 10, count: 100 })),
      'events.jsonl': eventsOf(2000, [
        [0, phase('warmup')],
        [4, phase('failure')],
        [10, { type: 'run_ended', status: 'complete' }],
      ]),
    }),
  );
  expect(
    report.run_tables.per_phase.map(({ name, due, throughput_rps }) => [name, due, throughput_rps]),
  ).toEqual([
    ['warmup', 40, 10],
    ['failure', 60, 10],
  ]);
});

test('phases of which no event tells last as long as their rows', async () => {
  const rows = rowsAt({ from: 2000, rps: 10, count: 100 }, (sec) => ({
    phase: sec < 4 ? 'warmup' : 'failure',
  }));
  const report = await summarizeRun(await runOf({ 'metrics.csv': csvOf(rows.toReversed(), metricsColumns) }));
  expect(report.run_tables.per_phase.map(({ name, duration_sec }) => [name, duration_sec])).toEqual([
    ['warmup', 4],
    ['failure', 6],
  ]);
});

test('a run by itself has seconds and tables, and nothing anomalous', async () => {
  const rows = rowsAt({ from: 2000, rps: 50, count: 500 }, (sec) =>
    sec >= 5 ? { error: 'ECONNREFUSED' } : {},
  );
  const report = await summarizeRun(await runOf({ 'metrics.csv': csvOf(rows) }));
  expect(report).toMatchObject({ run_id: 'run', run_summary: { due: 500, fail: 250 }, anomaly_windows: [] });
  expect(report.seconds).toHaveLength(10);
  expect(report.seconds.every(({ counted, anomalous }) => counted && !anomalous)).toBe(true);
});
