import Table from 'cli-table3';

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** The library looks at each row for each row, so that a long table is put together of short ones. */
const batchRows = 100;

/** Aligned columns without lines: text to the left, everything after the first column to the right if `numbers`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numbers = true): string {
  const batches = rows.length === 0 ? [[]] : batchesOf(rows);
  const tableOf = (batch: readonly (readonly string[])[], index: number, colWidths: readonly number[]) => {
    const made = new Table({
      head: index === 0 ? [...head] : [],
      chars: plain,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
      colAligns: head.map((_, column) => (numbers && column > 0 ? 'right' : 'left')),
      colWidths: [...colWidths],
    });
    made.push(...batch.map((row) => [...row]));
    return made;
  };
  const natural = batches.map((batch, index) => widthsOf(tableOf(batch, index, [])));
  const widest = head.map((_, column) => Math.max(...natural.map((widths) => widths[column] ?? 0)));
  const lines = batches.flatMap((batch, index) => tableOf(batch, index, widest).toString().split('\n'));
  return lines.map((line) => `  ${line}`.trimEnd()).join('\n');
}

/** The widths of its columns, which it finds out as it is drawn. */
function widthsOf(made: Table.Table): readonly (number | null)[] {
  made.toString();
  return made.options.colWidths;
}

function batchesOf<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const count = Math.ceil(rows.length / batchRows);
  return Array.from({ length: count }, (_, index) => rows.slice(index * batchRows, (index + 1) * batchRows));
}
