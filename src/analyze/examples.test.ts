import { describe, expect, it } from 'vitest';
import { metricsColumns } from '../store/columns.ts';
import { faultSpan } from '../testing/analysis-builder.ts';
import { csvOf, type Row, runOf } from '../testing/run-files.ts';
import { readExamples } from './examples.ts';

const nothing = { phases: [], faults: [] };

async function examplesOf(csv: string, about: Parameters<typeof readExamples>[1] = nothing) {
  return readExamples(await runOf({ 'metrics.csv': csv }), about);
}

describe('examples of requests', () => {
  it('are the slowest, those of equal latency by when they were due, whatever the order of the rows', async () => {
    const latencies = [5, 900, 30, 900, 7, 31, 8, 9, 10, 11, 12, 13, 14];
    const rows: Row[] = latencies.map((latency_ms, index) => ({ timestamp: 1000.5 + index, latency_ms }));
    const expected = [
      [1.5, 900],
      [3.5, 900],
      [5.5, 31],
      [2.5, 30],
      [12.5, 14],
      [11.5, 13],
      [10.5, 12],
      [9.5, 11],
      [8.5, 10],
      [7.5, 9],
    ];
    for (const order of [rows, rows.toReversed()]) {
      const { slowest } = await examplesOf(csvOf(order));
      expect(slowest.map(({ due_sec, latency_ms }) => [due_sec, latency_ms])).toEqual(expected);
    }
  });

  it('have all that the row says, and the faults that were in force while it was under way', async () => {
    const row = {
      timestamp: '1030.250000',
      node: 'a "quoted", node',
      status_code: 503,
      latency_ms: 100,
      error: 'http_503',
      outcome: 'fail',
      service_ms: 99.5,
      phase: 'failure',
      op: 'GET /a,b',
    } as const;
    const faults = [
      faultSpan({ id: 'before', effective_sec: 10, undone_sec: 20 }),
      faultSpan({ id: 'begins', effective_sec: 30.3, undone_sec: 40 }),
      faultSpan({ id: 'after', effective_sec: 30.4, undone_sec: 40 }),
      faultSpan({ id: 'never', effective_sec: null, undone_sec: null }),
    ];
    const csv = csvOf([{ timestamp: 1000 }, row], metricsColumns);
    const { slowest } = await examplesOf(csv, { phases: [], faults });
    expect(slowest[0]).toEqual({
      due_sec: 30.25,
      node: 'a "quoted", node',
      outcome: 'fail',
      status: 503,
      latency_ms: 100,
      service_ms: 99.5,
      error: 'http_503',
      phase: 'failure',
      op: 'GET /a,b',
      trace_id: '',
      faults: ['begins'],
    });
  });

  it('count each error, the most frequent first, with the three that were due first', async () => {
    const refused = (timestamp: number): Row => ({ timestamp, status_code: 0, error: 'ECONNREFUSED' });
    const rows: Row[] = [
      { timestamp: 1000 },
      { timestamp: 1002, status_code: 503 },
      { timestamp: 1001, error: 'timeout', latency_ms: 5000 },
      ...[1009, 1004, 1006, 1005].map(refused),
    ];
    const { errors, others } = await examplesOf(csvOf(rows));
    expect(
      errors.map(({ error, outcome, status, count, first }) => [
        error || status,
        outcome,
        count,
        first.map(({ due_sec }) => due_sec),
      ]),
    ).toEqual([
      ['ECONNREFUSED', 'fail', 4, [4, 5, 6]],
      ['timeout', 'unknown', 1, [1]],
      [503, 'fail', 1, [2]],
    ]);
    expect(others).toBe(0);
  });

  it('tell two hundred errors apart, and count the rest: a text of its own in each row fills no memory', async () => {
    const rows = Array.from({ length: 250 }, (_, index) => ({
      timestamp: 1000 + index,
      error: `error ${index}`,
    }));
    const { errors, others } = await examplesOf(csvOf(rows));
    expect([errors.length, others]).toEqual([200, 50]);
  });

  it('of dropped requests have no latency', async () => {
    const csv = csvOf(
      [
        { timestamp: 1000 },
        { timestamp: 1001, outcome: 'dropped', latency_ms: '', service_ms: '', error: 'dropped' },
      ],
      metricsColumns,
    );
    const { slowest, errors } = await examplesOf(csv);
    expect(slowest.map(({ due_sec }) => due_sec)).toEqual([0]);
    expect(errors[0]?.first[0]).toMatchObject({ latency_ms: null, service_ms: null, outcome: 'dropped' });
  });

  it('know the phase of a row without one by when it was due, and only the five columns are needed', async () => {
    const about = { phases: [{ name: 'warmup', start_sec: 0, end_sec: 2 }], faults: [] };
    const { slowest } = await examplesOf(csvOf([{ timestamp: 1001 }, { timestamp: 1009 }]), about);
    expect(slowest.map(({ phase, op, service_ms }) => [phase, op, service_ms])).toEqual([
      ['warmup', '', null],
      ['', '', null],
    ]);
  });

  it('leave out rows that cannot be used, and those more than a week from the others', async () => {
    const csv = `${csvOf([
      { timestamp: 1000 },
      { timestamp: 1001, latency_ms: 20 },
      { timestamp: 1002, latency_ms: 'never' },
      { timestamp: 1_795_000_000, latency_ms: 9999 },
    ])}1003,a,200\n`;
    const { slowest } = await examplesOf(csv);
    expect(slowest.map(({ due_sec, latency_ms }) => [due_sec, latency_ms])).toEqual([
      [1, 20],
      [0, 10],
    ]);
  });
});
