import { mkdir, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrchError } from '../model/errors.ts';
import { outcomes } from '../model/record.ts';
import { csvOf, type Row, rowsAt, runOf } from '../testing/run-files.ts';
import { fixedColumns, metricsColumns } from './columns.ts';
import { csvRow } from './csv-row.ts';
import { readMetrics } from './metrics-reader.ts';
import { groupOf, MetricsTable } from './metrics-reader-table.ts';
import { runDir } from './run-dir.ts';

const header = fixedColumns.join(',');

async function read(csv: string | Buffer) {
  return readMetrics(await runOf({ 'metrics.csv': csv }));
}

async function errorOf(reading: Promise<unknown>): Promise<OrchError> {
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  if (!(error instanceof OrchError)) throw new Error(`no OrchError but ${String(error)}`);
  return error;
}

/** The rows of a table in the order of their seconds and latencies. */
function rowsOf({ cells, nodes }: MetricsTable) {
  const rows = Array.from({ length: cells.count }, (_, cell) => {
    const group = cells.groupOf(cell);
    const of = {
      sec: cells.secOf(cell),
      node: nodes[groupOf.node(group)],
      outcome: outcomes[groupOf.outcome(group)],
    };
    const us: (number | null)[] = Array.from({ length: cells.rowsOf(cell) - cells.sentOf(cell) }, () => null);
    cells.eachPiece(cell, (values, from, to) => us.push(...values.subarray(from, to)));
    return us.map((each) => ({ sec: of.sec, us: each, node: of.node, outcome: of.outcome }));
  });
  return inOrder(rows.flat());
}

function inOrder<Row extends { sec: number; us: number | null }>(rows: Row[]): Row[] {
  const rest = (row: Row) => JSON.stringify(row);
  return rows.toSorted(
    (a, b) => a.sec - b.sec || (a.us ?? -1) - (b.us ?? -1) || (rest(a) < rest(b) ? -1 : 1),
  );
}

test('a file with only the five columns is read: second, latency to the microsecond, node, outcome', async () => {
  const { table, leftOut, file } = await read(
    `${header}\n1000.999999,a,200,12.3456,\n1001,b,0,5,ECONNREFUSED\n1001.5,b,503,1,\n`,
  );
  expect(rowsOf(table)).toEqual([
    { sec: 1000, us: 12346, node: 'a', outcome: 'ok' },
    { sec: 1001, us: 1000, node: 'b', outcome: 'fail' },
    { sec: 1001, us: 5000, node: 'b', outcome: 'fail' },
  ]);
  expect(table.span).toEqual({ rows: 3, firstSec: 1000.999999, lastSec: 1001.5, wholeSeconds: false });
  expect({ leftOut, file }).toEqual({
    leftOut: { rows: 0, samples: [], cutOffLine: null },
    file: 'metrics.csv',
  });
});

test.each<[Partial<Row>, string]>([
  [{}, 'ok'],
  [{ status_code: 0 }, 'ok'],
  [{ status_code: '' }, 'ok'],
  [{ status_code: 'OK' }, 'ok'],
  [{ status_code: '200.0' }, 'ok'],
  [{ status_code: 399 }, 'ok'],
  [{ status_code: 400 }, 'fail'],
  [{ status_code: 0, error: 'ECONNRESET' }, 'fail'],
  [{ status_code: 0, error: 'timeout' }, 'unknown'],
  [{ status_code: 0, error: 'ETIMEDOUT' }, 'unknown'],
  [{ status_code: 0, error: 'Request timed out, after 5 s' }, 'unknown'],
  [{ status_code: 0, error: 'dropped', latency_ms: '' }, 'dropped'],
  [{ status_code: 200, error: 'unexpected_body' }, 'fail'],
  [{ outcome: 'unknown' }, 'unknown'],
  [{ outcome: 'ok', error: 'x' }, 'ok'],
  [{ outcome: '', error: 'x' }, 'fail'],
])('%o is %s', async (row, outcome) => {
  const columns = row.outcome === undefined ? fixedColumns : metricsColumns;
  const { table } = await read(csvOf([{ timestamp: 1000, ...row }], columns));
  expect(rowsOf(table)[0]?.outcome).toBe(outcome);
});

test('a dropped request has no latency, even where a file gives one; an empty or nan latency is none', async () => {
  const { table } = await read(
    csvOf([
      { timestamp: 1, error: 'dropped', latency_ms: 3 },
      { timestamp: 1, latency_ms: '' },
      { timestamp: 1, latency_ms: 'nan' },
    ]),
  );
  expect(rowsOf(table).map(({ us }) => us)).toEqual([null, null, null]);
});

test('the header decides the order of columns, and foreign ones are passed over', async () => {
  const { table } = await read(
    `\uFEFFerror,region,latency_ms,NODE,timestamp,status_code\r\n,eu,7,"node, ""one""",1000.5,200\r\n`,
  );
  expect(rowsOf(table)).toEqual([{ sec: 1000, us: 7000, node: 'node, "one"', outcome: 'ok' }]);
});

test('rows in any order give the same span', async () => {
  const { table } = await read(csvOf([{ timestamp: 1003.5 }, { timestamp: 1000.25 }, { timestamp: 1001 }]));
  expect(table.span).toMatchObject({ firstSec: 1000.25, lastSec: 1003.5 });
});

test('rows that cannot be used are counted and the first few named by line, the others are read', async () => {
  const bad = [
    '1000.1,a,200,12',
    '1000.1,a,200,12,,more',
    'yesterday,a,200,12,',
    '1700000000000,a,200,12,',
    '-5,a,200,12,',
    '1000.1,a,200,-1,',
    '1000.1,a,200,fast,',
    '1000.1,a,2x0,12,',
    '1000.1,\0,200,12,',
  ];
  const { table, leftOut } = await read(`${header}\n1000.1,a,200,1,\n${bad.join('\n')}\n\n1000.2,a,200,1,\n`);
  expect(table.rows).toBe(2);
  expect(leftOut.rows).toBe(bad.length);
  expect(leftOut.samples).toEqual([
    'line 3: has 4 fields, not 5',
    'line 4: has 6 fields, not 5',
    'line 5: timestamp is not Unix seconds: "yesterday"',
    'line 6: timestamp is not Unix seconds: "1700000000000"',
    'line 7: timestamp is not Unix seconds: "-5"',
  ]);
});

test('a quote within a field that begins with none stands for itself; text after a closing quote is told', async () => {
  const lines = ['0,a"b,200,1,', '1,"b""",200,1,', '2,c"",200,1,say "no', '3,"a"b,200,1,', '4,d,200,1,'];
  const { table, leftOut } = await read([header, ...lines.map((line) => `170000000${line}`), ''].join('\n'));
  expect(rowsOf(table).map(({ node, outcome }) => [node, outcome])).toEqual([
    ['a"b', 'ok'],
    ['b"', 'ok'],
    ['c""', 'fail'],
    ['d', 'ok'],
  ]);
  expect(leftOut).toMatchObject({ rows: 1, samples: ['line 5: has text after a closing quote'] });
});

test('a last line that is cut off is told and not counted; one that only lacks its newline counts', async () => {
  const whole = `${header}\n1000.1,a,200,1,\n1000.2,a,200,12,`;
  expect(await read(whole)).toMatchObject({ table: { rows: 2 }, leftOut: { cutOffLine: null } });
  for (const missing of [1, 3, 8]) {
    const cut = whole.slice(0, -missing);
    expect(await read(cut), cut).toMatchObject({ table: { rows: 1 }, leftOut: { rows: 0, cutOffLine: 3 } });
  }
});

test('a timestamp far from all others is a broken row, not a run of fifty years', async () => {
  const rows = rowsAt({ from: 1_700_000_000, rps: 10, count: 50 });
  const { table, leftOut } = await read(csvOf([{ timestamp: 170 }, ...rows]));
  expect(table.span).toMatchObject({ rows: 50, firstSec: 1_700_000_000 });
  expect(leftOut).toMatchObject({
    rows: 1,
    samples: ['line 2: timestamp is more than a week from the others: "170"'],
  });
});

test('more rows than one piece of memory holds are all kept, and the memory can be given back', () => {
  const table = new MetricsTable();
  for (let row = 0; row < 200_000; row += 1) table.add(1000 + (row % 3), row, 0, 0, 'ok');
  table.add(1000, Number.NaN, 0, 0, 'ok');
  expect(table.cells.count).toBe(3);
  expect(table.rows).toBe(200_001);
  expect(rowsOf(table).map(({ us }) => us)).toEqual(
    [0, 1, 2].flatMap((sec) => [
      ...(sec === 0 ? [null] : []),
      ...Array.from({ length: Math.ceil((200_000 - sec) / 3) }, (_, index) => (index * 3 + sec) * 1000),
    ]),
  );
  table.release();
  expect(table.rows).toBe(0);
});

test('redis_metrics.csv is read where metrics.csv is missing', async () => {
  const run = await runOf({ 'redis_metrics.csv': csvOf([{ timestamp: 1000, status_code: 0 }]) });
  const { table, file } = await readMetrics(run);
  expect({ rows: table.rows, file }).toEqual({ rows: 1, file: 'redis_metrics.csv' });
});

test('without a phase column the phase is asked for by time', async () => {
  const run = await runOf({ 'metrics.csv': csvOf([{ timestamp: 1000.4 }, { timestamp: 1000.6 }]) });
  const { table } = await readMetrics(run, { phaseAt: (sec) => (sec < 1000.5 ? 'before' : 'after') });
  expect(table.phases).toEqual(['before', 'after']);
});

test.each([
  ['', /metrics\.csv is empty/],
  ['\n\n', /metrics\.csv is empty/],
  [`${header}\n`, /has a header and no row/],
  [header, /has a header and no row/],
  [`${header}\nx,a,200,1,\ny,a,200,1,\n`, /none of its 2 rows can be used/],
])('%j holds no data', async (csv, message) => {
  const error = await errorOf(read(csv));
  expect(error.code).toBe('no-data');
  expect(error.message).toMatch(message);
});

test('a file without a header is told what columns were found and which are missing', async () => {
  const error = await errorOf(read('timestamp,host,status_code,latency\n1000,a,200,1\n'));
  expect(error).toMatchObject({
    code: 'no-data',
    details: ['missing: node, latency_ms, error', 'found: timestamp, host, status_code, latency'],
  });
});

test('a run that is not there, a run without a CSV and an unreadable one are told apart', async () => {
  const run = await runOf({});
  expect((await errorOf(readMetrics(runDir(run.path, 'nothing')))).code).toBe('run-not-found');
  expect((await errorOf(readMetrics(run))).code).toBe('file-not-found');
  await mkdir(run.metrics);
  expect((await errorOf(readMetrics(run))).message).toMatch(/is a directory/);
});

test('every record that a run writes is read back: its second, latency, node, phase and outcome', async () => {
  const run = await runOf({});
  const startWallMs = 1_700_000_000_123.456;
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
    .filter((name) => !/[\r\n\0]/.test(name));
  const record = fc.record({
    seq: fc.nat(),
    phase: text,
    node: text,
    op: text,
    scheduledMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
    tookMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
    outcome: fc.constantFrom(...outcomes),
    status: fc.constantFrom(0, 200, 503),
    error: text,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), async (made) => {
      const records = made.map(({ tookMs, ...rest }) => {
        const doneMs = rest.outcome === 'dropped' ? Number.NaN : rest.scheduledMs + tookMs;
        return { ...rest, sentMs: rest.scheduledMs, doneMs };
      });
      const rows = records.map((each) => csvRow(each, startWallMs));
      await writeFile(run.metrics, [`${metricsColumns.join(',')}\n`, ...rows].join(''));
      const { table, leftOut } = await readMetrics(run);
      expect(leftOut).toEqual({ rows: 0, samples: [], cutOffLine: null });
      expect(rowsOf(table)).toEqual(
        inOrder(
          records.map(({ scheduledMs, doneMs, node, outcome }) => ({
            sec: Math.floor(Math.round((startWallMs + scheduledMs) * 1000) / 1e6),
            us: outcome === 'dropped' ? null : Math.round((doneMs - scheduledMs) * 1000),
            node,
            outcome,
          })),
        ),
      );
      expect(new Set(table.phases)).toEqual(new Set(records.map(({ phase }) => phase)));
    }),
    { numRuns: 100 },
  );
});
