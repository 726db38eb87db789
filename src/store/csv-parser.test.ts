import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvField } from '../testing/run-files.ts';
import { CsvParser } from './csv-parser.ts';
import { parseDecimal } from './csv-parser-number.ts';

interface Seen {
  readonly line: number;
  readonly fields: readonly string[];
  readonly problem: string | null;
  readonly terminated: boolean;
}

function parse(text: string | Buffer, { pieceBytes = 1 << 20, maxRecordBytes = 1 << 16 } = {}): Seen[] {
  const seen: Seen[] = [];
  const parser = new CsvParser(
    ({ bytes, starts, ends, count, line, problem, terminated }) => {
      const fields = Array.from({ length: count }, (_, field) =>
        bytes.toString('utf8', starts[field], ends[field]),
      );
      seen.push({ line, fields, problem, terminated });
    },
    { maxRecordBytes },
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) parser.write(bytes.subarray(at, at + pieceBytes));
  parser.end();
  return seen;
}

const fieldsOf = (text: string) => parse(text).map(({ fields }) => fields);

test('what is written as CSV is read back, whatever the fields hold and wherever the pieces are cut', () => {
  const field = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r\n', 'a', ' ', '""'), maxLength: 8 }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.array(field, { minLength: 2, maxLength: 5 }), { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 12 }),
      (records, newline, mark, lastNewline, pieceBytes) => {
        // A NUL is no text: rows with one are refused, which is tested below.
        fc.pre(!records.flat().some((text) => text.includes('\0') || text.startsWith('\uFEFF')));
        const lines = records.map((record) => record.map(csvField).join(','));
        const text = `${mark ? '\uFEFF' : ''}${lines.join(newline)}${lastNewline && lines.length > 0 ? newline : ''}`;
        const seen = parse(text, { pieceBytes });
        expect(seen.map(({ fields }) => fields)).toEqual(records);
        expect(seen.every(({ problem }) => problem === null)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test('any bytes at all are read to their end, and each record begins on a later line than the one before', () => {
  const unit = fc.constantFrom(0, 0x0a, 0x0d, 0x22, 0x2c, 0x61, 0xff);
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 80 }), fc.integer({ min: 1, max: 9 }), (bytes, pieceBytes) => {
      const text = Buffer.from(bytes);
      const seen = parse(text, { pieceBytes });
      for (const [index, { line }] of seen.entries()) {
        if (index > 0) expect(line).toBeGreaterThan(seen[index - 1]!.line);
      }
      expect(seen).toEqual(parse(text));
    }),
    { numRuns: 500 },
  );
});

test('lines are counted as an editor counts them', () => {
  expect(parse('a,b\n"x\ny",1\n\nlast,2\n').map(({ line, fields }) => [line, fields])).toEqual([
    [1, ['a', 'b']],
    [2, ['x\ny', '1']],
    [4, ['']],
    [5, ['last', '2']],
  ]);
});

test('a last line without a newline is handed over as such', () => {
  expect(parse('a,b\n1,2').map(({ terminated }) => terminated)).toEqual([true, false]);
});

test('a quote within an unquoted field stands for itself', () => {
  expect(fieldsOf('5" disk,b\n')).toEqual([['5" disk', 'b']]);
});

test.each([
  ['a NUL byte', 'a\0b,c\n1,2\n', 'holds a NUL byte'],
  ['text after a closing quote', '"a"b,c\n1,2\n', 'has text after a closing quote'],
  ['an unclosed quote', '"a,c\n1,2\n', 'holds an unclosed quote'],
  [
    'an unclosed quote that a later row seems to close',
    '"a,c\n1,"2"\n1,2\n',
    'has text after a closing quote',
  ],
])('%s spoils its own line only', (_, text, problem) => {
  const seen = parse(text);
  expect(seen[0]).toMatchObject({ line: 1, problem });
  expect(seen.at(-1)).toMatchObject({ fields: ['1', '2'], problem: null });
});

test('an unclosed quote costs one line, not the file, even a long one', () => {
  const text = `"a,c\n${'1,2\n'.repeat(1000)}`;
  const seen = parse(text, { pieceBytes: 16, maxRecordBytes: 64 });
  expect(seen.filter(({ problem }) => problem !== null).map(({ line }) => line)).toEqual([1]);
  expect(seen).toHaveLength(1001);
  expect(seen.at(-1)!.line).toBe(1001);
});

test('a line longer than any row is passed over without being kept', () => {
  const seen = parse(`a,b\n${'x'.repeat(10_000)}\n1,2\n`, { pieceBytes: 100, maxRecordBytes: 64 });
  expect(seen.map(({ line, problem }) => [line, problem === null])).toEqual([
    [1, true],
    [2, false],
    [3, true],
  ]);
});

test('decimals are read as JavaScript reads them', () => {
  const read = (text: string) => parseDecimal(Buffer.from(text), 0, text.length);
  const digits = fc.string({
    unit: fc.constantFrom(...Array.from('0123456789')),
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.constantFrom('', '-'), digits, fc.option(digits), (sign, whole, fraction) => {
      const text = `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`;
      expect(read(text)).toBe(Number(text));
    }),
    { numRuns: 1000 },
  );
  expect(read('1e3')).toBe(1000);
  expect(read(' 12.5 ')).toBe(12.5);
  for (const text of ['', '-', '.', '1.2.3', '0x10', 'Infinity', 'nan', '1 2', '12a'])
    expect(read(text), text).toBeNaN();
});
