import { open } from 'node:fs/promises';
import type { Outcome } from '../model/record.ts';
import { CsvParser } from './csv-parser.ts';
import { type CsvRecord, isBlank } from './csv-record.ts';
import { metricsPath, readBytes, readError } from './metrics-reader-file.ts';
import { noName } from './metrics-reader-names.ts';
import {
  numberOf,
  outcomeIn,
  type Places,
  placesOf,
  readNumbers,
  type RowNumbers,
  textOf,
} from './metrics-reader-row.ts';
import type { RunDir } from './run-dir.ts';

/** One row of metrics.csv as it stands there, valid only during the call that hands it over. */
export class RequestRow implements RowNumbers {
  /** The line of the file on which it begins; the first is 1. */
  line = 0;
  /** Unix seconds at which the request was due. */
  timestamp = 0;
  /** NaN where there is none. */
  latencyMs = 0;
  status = 0;
  outcome: Outcome = 'ok';
  #record: CsvRecord | null = null;
  #places: Places | null = null;

  /** Shows what a record holds. False where it is no row that can be used. */
  show(record: CsvRecord, places: Places, span: RowsSpan): boolean {
    if (readNumbers(record, places, span, this) !== null) return false;
    this.line = record.line;
    this.outcome = outcomeIn(record, places, this.status);
    if (this.outcome === 'dropped') this.latencyMs = Number.NaN;
    this.#record = record;
    this.#places = places;
    return true;
  }

  get node(): string {
    return this.text('node') || noName;
  }

  /** NaN where there is none. */
  get serviceMs(): number {
    const { service } = this.#places!;
    return service < 0 ? Number.NaN : numberOf(this.#record!, service);
  }

  /** Empty where the file has no such column. */
  text(column: 'node' | 'error' | 'phase' | 'op' | 'trace'): string {
    const field = this.#places![column];
    return field < 0 ? '' : textOf(this.#record!, field);
  }
}

/** Rows with timestamps outside are no part of the run: see `readMetrics`. */
export interface RowsSpan {
  readonly fromSec: number;
  readonly toSec: number;
}

/**
 * Shows the rows of a run that can be used one after the other, as they stand in the file; none of them is kept.
 * @throws OrchError as `readMetrics` does, but for `no-data` of a file without a usable row
 */
export async function eachRow(run: RunDir, span: RowsSpan, see: (row: RequestRow) => void): Promise<void> {
  const path = await metricsPath(run);
  const row = new RequestRow();
  let places: Places | null = null;
  const parser = new CsvParser((record) => {
    if (isBlank(record)) return;
    if (places === null) places = placesOf(record, path);
    else if (row.show(record, places, span)) see(row);
  });
  const file = await open(path).catch((error: unknown) => {
    throw readError(error, path);
  });
  try {
    await readBytes(file, parser, { from: 0 });
    parser.end();
  } finally {
    await file.close();
  }
}
