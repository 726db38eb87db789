import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomes, type RequestRecord } from '../model/record.ts';
import { traceIdOf } from '../model/trace-context.ts';
import { columnsOf, metricsColumns } from './columns.ts';
import { CsvParser } from './csv-parser.ts';
import { csvRow } from './csv-row.ts';

const record: RequestRecord = {
  seq: 0,
  phase: 'warmup',
  node: 'service-node-1',
  op: 'POST /work',
  scheduledMs: 1020.5,
  sentMs: 1021.25,
  doneMs: 1101.7504,
  outcome: 'ok',
  status: 200,
  error: '',
};
const startWallMs = 1_700_000_000_000.125;

/** What the reader makes of a row, by column. */
function parse(row: string): (column: (typeof metricsColumns)[number]) => string | undefined {
  const rows: string[][] = [];
  const parser = new CsvParser(({ bytes, starts, ends, count, problem }) => {
    expect(problem).toBeNull();
    rows.push(
      Array.from({ length: count }, (_, field) => bytes.toString('utf8', starts[field], ends[field])),
    );
  });
  parser.write(Buffer.from(row));
  parser.end();
  expect(rows).toHaveLength(1);
  expect(rows[0]).toHaveLength(metricsColumns.length);
  return (column) => rows[0]?.[metricsColumns.indexOf(column)];
}

describe('csvRow', () => {
  test('an answered request', () => {
    expect(csvRow(record, startWallMs)).toBe(
      '1700000001.020625,service-node-1,200,81.250,,ok,80.500,warmup,POST /work\n',
    );
  });

  test('a dropped request never had a latency, and says so in its error', () => {
    const dropped = {
      ...record,
      outcome: 'dropped',
      status: 0,
      sentMs: Number.NaN,
      doneMs: Number.NaN,
    } as const;
    expect(csvRow(dropped, startWallMs)).toBe(
      '1700000001.020625,service-node-1,0,,dropped,dropped,,warmup,POST /work\n',
    );
  });

  test('text is quoted where it must be, and cannot break the line', () => {
    const row = csvRow(
      { ...record, op: 'GET /a,b', phase: 'the "bad" one', error: 'one\r\ntwo' },
      startWallMs,
    );
    expect(row).toContain(',"one  two",');
    expect(row).toContain(',"the ""bad"" one","GET /a,b"\n');
    expect(row.indexOf('\n')).toBe(row.length - 1);
  });

  test('what was formatted is read back the same', () => {
    const wallMs = fc.double({ min: 0, max: 4e12, noNaN: true });
    const runMs = fc.double({ min: 0, max: 1e9, noNaN: true });
    const lagMs = fc.double({ min: 0, max: 1e7, noNaN: true });
    const text = fc.string({ unit: 'grapheme' });
    const line = (given: string) => given.replace(/[\r\n\0]/g, ' ');
    fc.assert(
      fc.property(
        fc.record({ wallMs, runMs, lagMs, serviceMs: lagMs, phase: text, node: text, op: text, error: text }),
        fc.constantFrom(...outcomes.filter((outcome) => outcome !== 'dropped')),
        fc.integer({ min: 0, max: 999 }),
        ({ wallMs, runMs, lagMs, serviceMs, ...texts }, outcome, status) => {
          const sentMs = runMs + lagMs;
          const doneMs = sentMs + serviceMs;
          const given = { ...record, ...texts, scheduledMs: runMs, sentMs, doneMs, outcome, status };
          const row = parse(csvRow(given, wallMs));
          expect(row('timestamp')).toMatch(/^\d+\.\d{6}$/);
          expect(row('latency_ms')).toMatch(/^\d+\.\d{3}$/);
          expect(Math.abs(Number(row('timestamp')) * 1000 - (wallMs + runMs))).toBeLessThan(0.0015);
          expect(Math.abs(Number(row('latency_ms')) - (doneMs - runMs))).toBeLessThan(0.00051);
          expect(Math.abs(Number(row('service_ms')) - (doneMs - sentMs))).toBeLessThan(0.00051);
          expect([row('node'), row('phase'), row('op'), row('error')]).toEqual(
            [texts.node, texts.phase, texts.op, texts.error].map(line),
          );
          expect([row('outcome'), row('status_code')]).toEqual([outcome, String(status)]);
        },
      ),
    );
  });
});

test('a row has its trace only where requests have traces, and was sent', () => {
  const run = '4bf92f3577b34da6';
  const plain = csvRow(record, 0);
  expect(csvRow(record, 0, run)).toBe(`${plain.trimEnd()},${traceIdOf(run, record.seq)}\n`);
  const dropped = { ...record, outcome: 'dropped', sentMs: Number.NaN, doneMs: Number.NaN } as const;
  expect(csvRow(dropped, 0, run)).toBe(`${csvRow(dropped, 0).trimEnd()},\n`);
  expect(columnsOf(run)).toEqual([...columnsOf(null), 'trace_id']);
});
