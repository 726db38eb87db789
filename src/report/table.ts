import { count } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Content;
  /** Numbers stand at the right, with digits of one width. */
  readonly isNumber?: boolean;
  /** Sentences and lists of names are wrapped, and never so narrow that a line has one word. */
  readonly isProse?: boolean;
}

/** More are read by nobody, and would make the page as large as the run. */
const mostRows = 200;

/**
 * A table with its caption. The first column heads its rows. What is too wide for the screen is scrolled in its own box, by
 * keys too; a shadow at the edge tells that there is more (style.ts). Of very many rows the first are shown, which the caption says.
 * @param caption What it shows; it names the table for those who do not see it.
 */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  rowClass: (row: Row) => string = () => '',
): Markup {
  const [first, ...others] = columns;
  const name =
    rows.length > mostRows ? `${caption} (the first ${mostRows} of ${count(rows.length)})` : caption;
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0">
    <table>
      <caption>${name}</caption>
      <thead>
        <tr>${columns.map((column) => html`<th scope="col"${kindOf(column)}>${column.head}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.slice(0, mostRows).map(
          (row) => html`<tr class="${rowClass(row)}">
            ${first === undefined ? null : html`<th scope="row"${kindOf(first)}>${first.cell(row)}</th>`}
            ${others.map((column) => html`<td${kindOf(column)}>${column.cell(row)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function kindOf<Row>({ isNumber = false, isProse = false }: Column<Row>): Markup | null {
  if (isNumber) return html` class="number"`;
  return isProse ? html` class="prose"` : null;
}

/** Names and what belongs to them: a few figures side by side, or sentences, each on a line of its own. */
export function factList(
  look: 'figures' | 'lines',
  facts: readonly (readonly [name: string, value: Content])[],
): Markup {
  return html`<dl class="${look}">
    ${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
