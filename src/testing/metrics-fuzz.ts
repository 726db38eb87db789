import fc from 'fast-check';
import { outcomes } from '../model/record.ts';
import { fixedColumns, metricsColumns } from '../store/columns.ts';
import { csvField } from './run-files.ts';

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789')), minLength: least, maxLength: most });
const decimals = fc.option(digits(0, 12), { nil: null }).map((text) => (text === null ? '' : `.${text}`));
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));
const odd = fc.constantFrom(
  '',
  ' ',
  '-1',
  '+5',
  '1e3',
  '.5',
  '5.',
  '0x10',
  'nan',
  'NaN',
  'OK',
  '1,5',
  '"',
  '4294967295',
);
const mostly = (usual: fc.Arbitrary<string>, rare: fc.Arbitrary<string> = odd) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: rare });
const name = mostly(
  fc.constantFrom('a', 'b', 'node-1', 'service-node-12', 'GET /work', 'é', 'n, "o"', 'ab"c', '5"', ''),
  fc.string({ unit: 'binary', maxLength: 9 }),
);
const half = fc.constantFrom(
  '0.0005',
  '1.2345',
  '1.23450',
  '7.0004999',
  '7.00049999999',
  '7.0005000001',
  '8.9995',
);

/** A field of each column, as tools write it, and sometimes as none should. */
type Column = (typeof metricsColumns)[number] | 'other';

const fieldOf: Record<Column, fc.Arbitrary<string>> = {
  timestamp: mostly(
    joined(fc.constantFrom('17000000', '17000001', '10737418', '21474836', '1'), digits(0, 2), decimals),
  ),
  node: name,
  status_code: mostly(fc.constantFrom('200', '0', '404', '503', '', '200.0')),
  latency_ms: mostly(fc.oneof(joined(digits(1, 5), decimals), half, fc.constant(''))),
  error: mostly(
    fc.constantFrom('', '', '', 'ECONNRESET', 'timeout', 'dropped', 'Timed out, "late"', ' '),
    name,
  ),
  outcome: mostly(fc.constantFrom(...outcomes, ''), fc.constantFrom('okay', 'OK', 'fai', 'drop', 'unknown ')),
  service_ms: mostly(joined(digits(1, 3), decimals)),
  phase: name,
  op: name,
  other: name,
};

const header: fc.Arbitrary<Column[]> = fc.oneof<fc.Arbitrary<Column[]>[]>(
  fc.constant([...fixedColumns]),
  fc.constant([...metricsColumns]),
  fc.shuffledSubarray(['outcome', 'service_ms', 'phase', 'op', 'other'] as const).chain((more) =>
    fc.shuffledSubarray<Column>([...fixedColumns, ...more], {
      minLength: fixedColumns.length + more.length,
    }),
  ),
);

/** How tools write fields: quoted where needed, or always, or never. */
const writers: readonly ((text: string) => string)[] = [
  csvField,
  (text) => `"${text.replaceAll('"', '""')}"`,
  (text) => text,
];

/** A file of whole rows, then some bytes of it changed, and its end cut off. */
export const metricsFile = fc
  .record({
    columns: header,
    newline: fc.constantFrom('\n', '\n', '\r\n'),
    mark: fc.boolean(),
    spoilt: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 0x0a, 0x0d, 0x22, 0x2c, 0x2e, 0x30, 0x61, 0xff)), {
      maxLength: 3,
    }),
    cut: fc.oneof(fc.constant(0), fc.nat({ max: 40 })),
  })
  .chain(({ columns, newline, mark, spoilt, cut }) =>
    fc
      .array(
        fc.tuple(
          fc.tuple(...columns.map((column: Column) => fieldOf[column])),
          fc.constantFrom(...writers, csvField),
          fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1),
        ),
        { maxLength: 12 },
      )
      .map((rows) => {
        const lines = rows.map(([fields, write, more]) => {
          const shown = fields.map((text) => write(text));
          return (more > 0 ? [...shown, 'more'] : shown.slice(0, shown.length + more)).join(',');
        });
        const text = `${mark ? '\uFEFF' : ''}${[columns.join(','), ...lines, ''].join(newline)}`;
        const bytes = Buffer.from(text);
        const headerEnd = bytes.indexOf('\n') + 1;
        for (const [at, byte] of spoilt) {
          if (bytes.length > headerEnd) bytes[headerEnd + (at % (bytes.length - headerEnd))] = byte;
        }
        return bytes.subarray(0, Math.max(bytes.length - cut, headerEnd));
      }),
  );
