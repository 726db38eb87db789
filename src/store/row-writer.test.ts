import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outcomes, type RequestRecord } from '../model/record.ts';
import { csvRow } from './csv-row.ts';
import { RowRing } from './row-ring.ts';
import { RowWriter } from './row-writer.ts';

const ms = fc.oneof(
  fc.double({ min: -10, max: 1e8, noNaN: true }),
  fc.double({ min: 0, max: 5, noNaN: true }),
  fc.integer({ min: 0, max: 4_000_000_000 }).map((micros) => micros / 1000),
  fc.constantFrom(0, 0.0005, 0.9995, 999.9995, 1000, Number.NaN),
);
// Few, so that most come again.
const text = fc.oneof(fc.constantFrom('', 'GET /', 'a,b', 'the "bad" one', 'ä\n😀'), fc.string());
const record: fc.Arbitrary<RequestRecord> = fc.record({
  seq: fc.nat(),
  phase: text,
  node: text,
  op: text,
  scheduledMs: fc.double({ min: 0, max: 1e9, noNaN: true }),
  sentMs: ms,
  doneMs: ms,
  outcome: fc.constantFrom(...outcomes),
  status: fc.integer({ min: 0, max: 599 }),
  error: text,
});

/** Adds rows, and takes them after every third, so that the ring's end comes at any place of a row. */
function written(
  sizeBytes: number,
  startWallMs: number,
  records: readonly RequestRecord[],
  traces: string | null,
) {
  const ring = RowRing.ofSize(sizeBytes);
  const writer = new RowWriter(ring, startWallMs, traces);
  const pieces: Buffer[] = [];
  const take = (): void => {
    const bytes = Buffer.concat(ring.waiting);
    pieces.push(bytes);
    ring.take(bytes.length);
  };
  for (const [index, each] of records.entries()) {
    writer.add(each);
    if (index % 3 === 2) take();
  }
  take();
  return { text: Buffer.concat(pieces).toString(), ring };
}

test('rows are those of csvRow, byte by byte, across the end of the ring', () => {
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0, max: 9e12, noNaN: true }),
      fc.constantFrom(null, '4bf92f3577b34da6'),
      (records, startWallMs, traces) => {
        const { text: rows, ring } = written(2000, startWallMs, records, traces);
        expect(rows).toBe(records.map((each) => csvRow(each, startWallMs, traces)).join(''));
        expect([ring.counts.due, ring.refusedRows]).toEqual([records.length, 0]);
      },
    ),
    { numRuns: 500 },
  );
});

test('a text that no longer is remembered is written all the same', () => {
  const [plain] = fc.sample(record, { numRuns: 1, seed: 1 });
  const records = Array.from({ length: 2500 }, (_, index) => ({ ...plain!, error: `E${index % 1200}` }));
  const { text: rows } = written(100_000, 0, records, null);
  expect(rows).toBe(records.map((each) => csvRow(each, 0)).join(''));
});

test('what has no room is refused, and counted', () => {
  const [plain] = fc.sample(record, { numRuns: 1, seed: 1 });
  const row = csvRow(plain!, 0);
  const ring = RowRing.ofSize(Buffer.byteLength(row) * 2 + 1);
  const writer = new RowWriter(ring, 0);
  for (let times = 0; times < 3; times += 1) writer.add(plain!);
  expect(Buffer.concat(ring.waiting).toString()).toBe(row + row);
  expect([ring.counts.due, ring.refusedRows]).toEqual([3, 1]);
});
