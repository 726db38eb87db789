import { describe, expect, it } from 'vitest';
import { table } from './table.ts';

const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => [`row ${index}`, 'x']);

describe('a table', () => {
  it('has columns that are aligned all the way down, to the left or to the right', () => {
    expect(
      table(
        ['name', 'count'],
        [
          ['a', '1'],
          ['longer', '100'],
        ],
      ),
    ).toBe(['  name    count', '  a           1', '  longer    100'].join('\n'));
    expect(table(['name', 'what'], [], false)).toBe('  name  what');
    const lines = table(['name', 'what'], rowsOf(1234), false).split('\n');
    expect(lines).toHaveLength(1235);
    expect(new Set(lines.map((line) => line.length))).toEqual(
      new Set(['  row 1233  x'.length, '  name      what'.length]),
    );
  });
});
