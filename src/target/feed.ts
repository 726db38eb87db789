import { readFileSync } from 'node:fs';
import { messageOf, OrchError } from '../model/errors.ts';
import type { FeedSpec } from '../model/workload.ts';

/** Rows that requests are filled in from. */
export interface Feed {
  readonly order: FeedSpec['order'];
  readonly columns: readonly string[];
  /** At least one; each has a value for each column. */
  readonly rows: readonly (readonly string[])[];
}

/** What requests are filled in from, as plain data. */
export interface FillSource {
  /** Of the run: the same seed makes the same requests. */
  readonly seed: number;
  readonly feeds: Readonly<Record<string, FeedSpec>>;
}

/** The feeds of a config. A file is read once, when it is first needed. */
export class Feeds {
  readonly #specs: FillSource['feeds'];
  readonly #read = new Map<string, Feed>();

  constructor(specs: FillSource['feeds']) {
    this.#specs = specs;
  }

  /**
   * Undefined where there is none of that name.
   * @throws OrchError `feed-invalid`
   */
  get(name: string): Feed | undefined {
    const spec = this.#specs[name];
    const known = this.#read.get(name);
    if (known !== undefined || spec === undefined) return known;
    const feed = { order: spec.order, ...parseFeed(textOf(name, spec.file), spec.file) };
    this.#read.set(name, feed);
    return feed;
  }
}

function textOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = `the feed \`${name}\` cannot be read: ${messageOf(error)}`;
    throw new OrchError('feed-invalid', message, { cause: error });
  }
}

/**
 * A CSV file (RFC 4180; lines end in LF or CRLF, and empty ones do not count) whose first line names the columns.
 * @throws OrchError `feed-invalid`, with file and line
 */
export function parseFeed(text: string, file: string): Pick<Feed, 'columns' | 'rows'> {
  const refuse = (line: number, message: string): never => {
    throw new OrchError('feed-invalid', `${file}:${line}: ${message}`, {
      hint: 'A feed is CSV: a line of column names, then a line for each row. A value with a comma, a quote or a line break stands in quotes, in which a quote is doubled.',
    });
  };
  const [head, ...records] = recordsOf(text.replace(/^\uFEFF/, ''), refuse);
  if (head === undefined) return refuse(1, 'there is nothing in it');
  const columns = head.values.map((name) => name.trim());
  for (const [index, name] of columns.entries()) {
    if (name === '') refuse(head.line, `column ${index + 1} has no name`);
    if (columns.indexOf(name) < index) refuse(head.line, `there are two columns \`${name}\``);
  }
  if (records.length === 0) refuse(head.line, 'there is no row below the names of the columns');
  for (const { line, values } of records)
    if (values.length !== columns.length)
      refuse(line, `there are ${values.length} values for ${columns.length} columns`);
  return { columns, rows: records.map(({ values }) => values) };
}

interface CsvRecord {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

/** A value in quotes or without, and what ends it. */
const field = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function recordsOf(text: string, refuse: (line: number, message: string) => never): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let values: string[] = [];
  let line = 1;
  let begun = 1;
  for (field.lastIndex = 0; field.lastIndex < text.length || values.length > 0; ) {
    const found = field.exec(text);
    if (found === null) return refuse(line, 'a quote is not closed, or stands within a value without quotes');
    const [whole, quoted, plain = '', end] = found;
    values.push(quoted?.replaceAll('""', '"') ?? plain);
    line += whole.split('\n').length - 1;
    if (end === ',') continue;
    if (values.length > 1 || quoted !== undefined || plain !== '') records.push({ line: begun, values });
    values = [];
    begun = line;
  }
  return records;
}
