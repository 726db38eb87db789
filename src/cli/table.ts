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

/** Aligned columns without lines: text to the left, everything after the first column to the right if `numbers`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numbers = true): string {
  const made = new Table({
    head: [...head],
    chars: plain,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colAligns: head.map((_, column) => (numbers && column > 0 ? 'right' : 'left')),
  });
  made.push(...rows.map((row) => [...row]));
  const lines = made.toString().split('\n');
  return lines.map((line) => `  ${line}`.trimEnd()).join('\n');
}
