import { basename } from 'node:path';
import { OrchError } from '../model/errors.ts';
import { CsvParser, type CsvRecord } from './csv-parser.ts';
import { metricsPath, readInto } from './metrics-reader-file.ts';
import { addRow, placesOf, type RowRules } from './metrics-reader-row.ts';
import { MetricsTable } from './metrics-reader-table.ts';
import type { RunDir } from './run-dir.ts';

const samplesKept = 5;
/** A run is not longer. A timestamp further off is a broken row, and must not make a run of fifty years. */
const maxSpanSec = 7 * 86_400;

/** What a file holds that is not counted. */
export interface LeftOut {
  readonly rows: number;
  /** The first few, each with its line and why: `line 17: has 3 fields, not 9`. */
  readonly samples: readonly string[];
  /** The last line if it is cut off, otherwise null. It is not one of `rows`. */
  readonly cutOffLine: number | null;
}

export interface Metrics {
  /** `metrics.csv` or `redis_metrics.csv`. */
  readonly file: string;
  readonly table: MetricsTable;
  readonly leftOut: LeftOut;
}

export interface ReadOptions {
  /** The phase at a Unix time in seconds, for a file without a phase column; `''` where there is none. */
  readonly phaseAt?: (timestamp: number) => string;
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
    phaseAt: options.phaseAt ?? (() => ''),
    fromSec: 0,
    toSec: Number.POSITIVE_INFINITY,
  };
  const metrics = await scan(path, rules);
  const { firstSec, lastSec } = metrics.table.span;
  if (lastSec - firstSec <= maxSpanSec) return metrics;
  const middleSec = medianSec(metrics.table);
  metrics.table.release();
  return scan(path, { ...rules, fromSec: middleSec - maxSpanSec, toSec: middleSec + maxSpanSec });
}

async function scan(path: string, rules: RowRules): Promise<Metrics> {
  const file = basename(path);
  const table = new MetricsTable();
  const samples: string[] = [];
  let rows = 0;
  let cutOffLine: number | null = null;
  let places: ReturnType<typeof placesOf> | null = null;
  const parser = new CsvParser((record) => {
    if (isBlank(record)) return;
    if (places === null) {
      places = placesOf(record, path);
      return;
    }
    const problem = addRow(record, places, rules, table);
    if (problem === null) return;
    if (!record.terminated) {
      cutOffLine = record.line;
      return;
    }
    rows += 1;
    if (samples.length < samplesKept) samples.push(`line ${record.line}: ${problem}`);
  });
  await readInto(parser, path);
  if (table.rows === 0) throw noRows(path, places !== null, rows, samples);
  return { file, table, leftOut: { rows, samples, cutOffLine } };
}

function isBlank(record: CsvRecord): boolean {
  return record.problem === null && record.count === 1 && record.starts[0] === record.ends[0];
}

function noRows(path: string, hasHeader: boolean, rows: number, samples: readonly string[]): OrchError {
  if (!hasHeader) return new OrchError('no-data', `${path} is empty`);
  if (rows === 0) return new OrchError('no-data', `${path} has a header and no row`);
  return new OrchError('no-data', `${path}: none of its ${rows} rows can be used`, { details: samples });
}

/** The median of at most 100,000 rows, taken evenly. */
function medianSec({ chunks, rows }: MetricsTable): number {
  const step = Math.ceil(rows / 100_000);
  const sampled: number[] = [];
  let next = 0;
  let before = 0;
  for (const { sec, count } of chunks) {
    for (; next < before + count; next += step) sampled.push(sec[next - before]!);
    before += count;
  }
  sampled.sort((a, b) => a - b);
  return sampled[Math.floor(sampled.length / 2)]!;
}
