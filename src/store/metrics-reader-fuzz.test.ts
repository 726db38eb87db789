import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrchError } from '../model/errors.ts';
import { outcomes } from '../model/record.ts';
import { metricsFile } from '../testing/metrics-fuzz.ts';
import { runOf } from '../testing/run-files.ts';
import { readSlowly, type SlowReading } from '../testing/slow-reader.ts';
import { fixedColumns, metricsColumns } from './columns.ts';
import { readMetrics } from './metrics-reader.ts';
import { type LeftOut, Scan } from './metrics-reader-scan.ts';
import { groupOf, type MetricsTable } from './metrics-reader-table.ts';

const rules = { fromSec: 0, toSec: Number.POSITIVE_INFINITY, phaseAt: null };

function feed(scan: Scan, bytes: Buffer, pieces: readonly number[]): void {
  let index = 0;
  for (let at = 0; at < bytes.length; index += 1) {
    const piece = pieces[index % pieces.length]!;
    scan.parser.write(bytes.subarray(at, at + piece));
    at += piece;
  }
}

/** What stands in a table, in the words of the slow reader. */
function readingOf(table: MetricsTable, leftOut: LeftOut): SlowReading {
  const { cells } = table;
  const latin1 = (names: readonly Uint8Array[]) =>
    names.map((raw) => Buffer.from(raw).toString('latin1') || '(none)');
  const nodes = latin1(table.nodeNames.raw);
  const phases = latin1(table.phaseNames.raw);
  const rows: string[] = [];
  for (let cell = 0; cell < cells.count; cell += 1) {
    const group = cells.groupOf(cell);
    const start = [
      cells.secOf(cell),
      nodes[groupOf.node(group)],
      phases[groupOf.phase(group)],
      outcomes[groupOf.outcome(group)],
    ].join(' ');
    cells.eachPiece(cell, (values, from, to) => {
      for (const us of values.subarray(from, to)) rows.push(`${start} ${us}`);
    });
    for (let row = cells.sentOf(cell); row < cells.rowsOf(cell); row += 1) rows.push(`${start} `);
  }
  const lines = leftOut.samples.map((sample) => Number(/^line (\d+): /.exec(sample)![1]));
  const { rows: count, ...span } = table.span;
  expect(count).toBe(rows.length);
  return {
    rows: rows.sort(),
    leftOut: { rows: leftOut.rows, lines, cutOffLine: leftOut.cutOffLine },
    ...span,
  };
}

const pieces = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });

test('whatever a file holds and wherever its pieces are cut, the fast reader says what a slow and plain one says', () => {
  let plainRows = 0;
  fc.assert(
    fc.property(metricsFile, pieces, (bytes, cuts) => {
      const expected = readSlowly(bytes);
      fc.pre(expected !== null);
      const scan = new Scan('metrics.csv', rules);
      feed(scan, bytes, cuts);
      scan.parser.end();
      expect(readingOf(scan.table, scan.leftOut)).toEqual(expected);
      plainRows += expected.rows.length;
    }),
    { numRuns: 1500 },
  );
  expect(plainRows).toBeGreaterThan(2000);
});

test('bytes of no meaning are left out by the fast reader where the slow one leaves them out', () => {
  const unit = fc.constantFrom(...Buffer.from('"",,\n\r\0 .0179ao-'));
  fc.assert(
    fc.property(
      fc.array(unit, { maxLength: 120 }),
      fc.constantFrom<readonly string[]>(fixedColumns, metricsColumns),
      pieces,
      (noise, columns, cuts) => {
        const bytes = Buffer.concat([Buffer.from(`${columns.join(',')}\n`), Buffer.from(noise)]);
        const scan = new Scan('metrics.csv', rules);
        feed(scan, bytes, cuts);
        scan.parser.end();
        expect(readingOf(scan.table, scan.leftOut)).toEqual(readSlowly(bytes));
      },
    ),
    { numRuns: 1000 },
  );
});

test('nothing but digits is taken for digits', () => {
  for (const start of ['\0'.repeat(8), '\xff'.repeat(4), '00000000', '2147483', '4294967']) {
    const rows = ['00', '29', '47', '95', '96'].map((end) => `${start}${end},a,200,1,\n`);
    const bytes = Buffer.from(`${fixedColumns.join(',')}\n${rows.join('')}1700000000,a,200,1,\n`, 'latin1');
    const scan = new Scan('metrics.csv', rules);
    feed(scan, bytes, [bytes.length]);
    scan.parser.end();
    expect(readingOf(scan.table, scan.leftOut)).toEqual(readSlowly(bytes));
  }
});

test('two readers of a file, each of a part, say what one says, or that they cannot', () => {
  let together = 0;
  fc.assert(
    fc.property(metricsFile, fc.nat(), pieces, (bytes, drawn, cuts) => {
      const one = new Scan('metrics.csv', rules);
      feed(one, bytes, [bytes.length]);
      one.parser.end();
      const ends = [...bytes.keys()].filter((at) => bytes[at] === 0x0a);
      const middle = ends[drawn % ends.length]! + 1;
      const first = new Scan('metrics.csv', rules);
      feed(first, bytes.subarray(0, middle), cuts);
      fc.pre(first.places !== null);
      const second = new Scan('metrics.csv', rules, 0, first.places);
      feed(second, bytes.subarray(middle), cuts);
      second.parser.end();
      if (first.parser.isBetweenRecords && first.absorb(structuredClone(second.parts()))) together += 1;
      else {
        feed(first, bytes.subarray(middle), cuts);
        first.parser.end();
      }
      expect(readingOf(first.table, first.leftOut)).toEqual(readingOf(one.table, one.leftOut));
      expect(first.leftOut.samples).toEqual(one.leftOut.samples);
      expect(first.clock).toEqual(one.clock);
    }),
    { numRuns: 1000 },
  );
  expect(together).toBeGreaterThan(300);
});

/** So large that its second half is worth a thread, in the order of the answers, with a few rows that cannot be used. */
function large(columns: readonly string[], tail: string): Buffer {
  const lines = Array.from({ length: 6000 }, (_, index) => {
    if (index % 1000 === 17) return 'neither here nor there';
    const due = (1_700_000_000 + index / 100 + ((index * 7) % 5) / 100).toFixed(6);
    const start = `${due},node-${index % 3},200,${(index % 977) / 8},`;
    const error = index % 10 === 3 ? 'refused' : '';
    if (columns.length === fixedColumns.length) return `${start}${error}`;
    return `${start}${error},${error === '' ? 'ok' : 'fail'},1.5,${index < 4000 ? 'one' : 'two'},GET /`;
  });
  return Buffer.from(`${[columns.join(','), ...lines].join('\n')}\n${tail}`);
}

test.each([
  ['our columns', metricsColumns, ''],
  ['the five columns', fixedColumns, ''],
  ['a last line that is cut off', metricsColumns, '1700000060.0,node-1,20'],
])('a second thread makes no difference: %s', async (_, columns, tail) => {
  const bytes = large(columns, tail);
  const run = await runOf({ 'metrics.csv': bytes });
  const readings = await Promise.all(
    [0, Number.POSITIVE_INFINITY].map((worthSplitting) => readMetrics(run, { worthSplitting })),
  );
  const [two, one] = readings.map(({ table, leftOut }) => readingOf(table, leftOut));
  expect(one).toEqual(readSlowly(bytes));
  expect(two).toEqual(one);
  // Cells that both threads have are there twice: so the second one did its part.
  expect(readings[0]!.table.cells.count).toBeGreaterThan(readings[1]!.table.cells.count);
  expect(readings[0]!.leftOut.samples).toEqual(readings[1]!.leftOut.samples);
  expect(readings[0]!.clock).toEqual(readings[1]!.clock);
});

test.each([
  ['its middle stands within quotes', 0, `"${'\n'.repeat(60_000)}"`],
  ['the clock was set back in its middle', 100, 'x'.repeat(60_000)],
])('a file is read again where the second thread could not know: %s', async (_, aheadSec, middle) => {
  const [header, ...lines] = large(fixedColumns, '').toString().trim().split('\n');
  const ahead = lines
    .slice(0, 3000)
    .map((line) => line.replace(/^\d+/, (sec) => `${Number(sec) + aheadSec}`));
  const long = `${1_700_000_029 + aheadSec}.5,a,0,1,${middle}`;
  const bytes = Buffer.from([header, ...ahead, long, ...lines.slice(3000), ''].join('\n'));
  const run = await runOf({ 'metrics.csv': bytes });
  const [two, one] = await Promise.all(
    [0, Number.POSITIVE_INFINITY].map((worthSplitting) => readMetrics(run, { worthSplitting })),
  );
  expect(readingOf(two!.table, two!.leftOut)).toEqual(readSlowly(bytes));
  expect(two!.clock).toEqual(one!.clock);
  expect(two!.clock?.back?.line ?? null).toBe(aheadSec === 0 ? null : 3003);
  expect(two!.table.cells.count).toBe(one!.table.cells.count);
});

test('a header that is none is told by both', async () => {
  const run = await runOf({});
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom(...Array.from('timestamp,node"\n\0')), maxLength: 40 }),
      async (text) => {
        await writeFile(run.metrics, text);
        const error: unknown = await readMetrics(run).catch((thrown: unknown) => thrown);
        expect(readSlowly(Buffer.from(text))).toBeNull();
        expect(error).toBeInstanceOf(OrchError);
      },
    ),
    { numRuns: 50 },
  );
});
