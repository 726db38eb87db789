import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { OrchError } from '../model/errors.ts';
import type { ClockReport } from './metrics-reader-clock.ts';
import { metricsPath, readError } from './metrics-reader-file.ts';
import type { RowRules } from './metrics-reader-row.ts';
import { type LeftOut, Scan } from './metrics-reader-scan.ts';
import { readAll, worthSplittingBytes } from './metrics-reader-split.ts';
import type { MetricsTable } from './metrics-reader-table.ts';
import type { RunDir } from './run-dir.ts';

/** A run is not longer. A timestamp further off is a broken row, and must not make a run of fifty years. */
export const maxSpanSec = 7 * 86_400;

export interface Metrics {
  /** `metrics.csv` or `redis_metrics.csv`. */
  readonly file: string;
  readonly table: MetricsTable;
  readonly leftOut: LeftOut;
  /** What the timestamps say of the clock; null for a file of ours, whose times are of one that is never set. */
  readonly clock: ClockReport | null;
}

export interface ReadOptions {
  /** The phase at a Unix time in seconds, for a file without a phase column; `''` where there is none. */
  readonly phaseAt?: (timestamp: number) => string;
  /** To keep when each request was due, and its latency to within 0.4% (see `momentOf`), in place of exact latencies. */
  readonly moments?: boolean;
  /** From which size on a second thread reads half of the file; 64 MB. */
  readonly worthSplitting?: number;
}

/**
 * Reads a run's metrics.csv, or its redis_metrics.csv where that is missing: of ours or of another origin with the five
 * fixed columns, rows in any order. Rows that cannot be used are counted, never guessed at. A last line without a
 * newline counts if it is whole.
 * @throws OrchError `run-not-found`, `file-not-found`, `no-permission`, `no-data` (no header, or no usable row)
 */
export async function readMetrics(run: RunDir, options: ReadOptions = {}): Promise<Metrics> {
  const path = await metricsPath(run);
  const rules = {
    fromSec: 0,
    toSec: Number.POSITIVE_INFINITY,
    phaseAt: options.phaseAt ?? null,
    moments: options.moments ?? false,
  };
  const metrics = await scan(path, rules, options);
  const { firstSec, lastSec } = metrics.table.span;
  if (lastSec - firstSec <= maxSpanSec) return metrics;
  const middleSec = medianSec(metrics.table);
  metrics.table.release();
  return scan(path, { ...rules, fromSec: middleSec - maxSpanSec, toSec: middleSec + maxSpanSec }, options);
}

async function scan(
  path: string,
  rules: RowRules,
  { worthSplitting = worthSplittingBytes }: ReadOptions,
): Promise<Metrics> {
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const { size } = await file.stat();
    const made = new Scan(path, rules, size);
    await readAll(file, made, size >= worthSplitting);
    const { table, leftOut, clock, places } = made;
    if (table.rows === 0) throw noRows(path, places !== null, leftOut);
    return { file: basename(path), table, leftOut, clock };
  } catch (error) {
    throw readError(error, path);
  } finally {
    await file?.close();
  }
}

function noRows(path: string, hasHeader: boolean, { rows, samples }: LeftOut): OrchError {
  if (!hasHeader) return new OrchError('no-data', `${path} is empty`);
  if (rows === 0) return new OrchError('no-data', `${path} has a header and no row`);
  return new OrchError('no-data', `${path}: none of its ${rows} rows can be used`, { details: samples });
}

/** The median of the seconds of all rows. */
function medianSec({ cells, rows }: MetricsTable): number {
  const numbers = Array.from({ length: cells.count }, (_, cell) => cell);
  numbers.sort((a, b) => cells.secOf(a) - cells.secOf(b));
  let before = 0;
  for (const cell of numbers) {
    before += cells.rowsOf(cell);
    if (before > rows / 2) return cells.secOf(cell);
  }
  return 0;
}
