import type { FaultFact } from './facts.ts';

/** Small pieces of sentences and tables. */

/** `12,345.6`, with a real minus; `–` for what is not known. */
export function number(value: number | null): string {
  if (value === null) return '–';
  const text = Math.abs(value).toLocaleString('en-US', { maximumFractionDigits: 20 });
  return value < 0 ? `−${text}` : text;
}

/** `+9.1`, `−9.1`, `0`. */
export function signed(value: number): string {
  return value > 0 ? `+${number(value)}` : number(value);
}

/** A name as code. Names may come from files of any origin: what would end the code or a table's cell is replaced by what looks like it. */
export function code(name: string): string {
  const text = name
    .replaceAll(/[\r\n]/g, ' ')
    .replaceAll('`', "'")
    .replaceAll('|', '\\|');
  return `\`${text}\``;
}

export function faultName(fault: FaultFact): string {
  return code(`${fault.kind} ${fault.node}`);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** Rows of cells as a Markdown table: the first columns are text, the others numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: number,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index < textColumns ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
