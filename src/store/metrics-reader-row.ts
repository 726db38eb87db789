import { OrchError } from '../model/errors.ts';
import { type Outcome, outcomes } from '../model/record.ts';
import { fixedColumns } from './columns.ts';
import type { CsvRecord } from './csv-record.ts';
import { parseDecimal } from './csv-parser-number.ts';
import type { ClockWatch } from './metrics-reader-clock.ts';
import type { Names } from './metrics-reader-names.ts';
import { outcomeOf, outcomeWords } from './metrics-reader-outcome.ts';
import { type MetricsTable, maxLatencyMs, maxTimestampSec } from './metrics-reader-table.ts';

/** Where each column stands in a row; −1 where the file does not have it. */
export interface Places {
  readonly count: number;
  readonly timestamp: number;
  readonly node: number;
  readonly status: number;
  readonly latency: number;
  readonly error: number;
  readonly outcome: number;
  readonly phase: number;
  readonly op: number;
  readonly service: number;
  readonly trace: number;
}

/**
 * Reads a header: the columns may stand in any order, and those that are not ours are passed over.
 * @throws OrchError `no-data` where a fixed column is missing
 */
export function placesOf(header: CsvRecord, file: string): Places {
  const found = Array.from({ length: header.count }, (_, field) =>
    textOf(header, field).trim().toLowerCase(),
  );
  const missing = fixedColumns.filter((column) => !found.includes(column));
  if (missing.length > 0) {
    throw new OrchError('no-data', `${file}: its first line is no header with the columns of a run`, {
      hint: `The first line must name at least ${fixedColumns.join(',')}; their order is free.`,
      details: [`missing: ${missing.join(', ')}`, `found: ${found.join(', ').slice(0, 200) || 'nothing'}`],
    });
  }
  return {
    count: found.length,
    timestamp: found.indexOf('timestamp'),
    node: found.indexOf('node'),
    status: found.indexOf('status_code'),
    latency: found.indexOf('latency_ms'),
    error: found.indexOf('error'),
    outcome: found.indexOf('outcome'),
    phase: found.indexOf('phase'),
    op: found.indexOf('op'),
    service: found.indexOf('service_ms'),
    trace: found.indexOf('trace_id'),
  };
}

export interface RowRules {
  /** The phase of a request in a file without a phase column; null where none is known. */
  readonly phaseAt: ((timestamp: number) => string) | null;
  /** Timestamps outside are no part of the run. */
  readonly fromSec: number;
  readonly toSec: number;
  /** Whether it is moments that are kept, see `momentOf`, not latencies. */
  readonly moments?: boolean;
}

/** The numbers of a row. `latencyMs` is NaN where there is none. */
export interface RowNumbers {
  timestamp: number;
  latencyMs: number;
  status: number;
}

/** Reads the numbers of a row. Returns why the row cannot be used; null where it can, and `into` has them. */
export function readNumbers(
  record: CsvRecord,
  places: Places,
  { fromSec, toSec }: Pick<RowRules, 'fromSec' | 'toSec'>,
  into: RowNumbers,
): string | null {
  if (record.problem !== null) return record.problem;
  if (record.count !== places.count) {
    return `has ${record.count} field${record.count === 1 ? '' : 's'}, not ${places.count}`;
  }
  const timestamp = numberOf(record, places.timestamp);
  if (!(timestamp >= 0 && timestamp < maxTimestampSec)) {
    return `timestamp is not Unix seconds: ${shown(record, places.timestamp)}`;
  }
  if (timestamp < fromSec || timestamp > toSec) {
    return `timestamp is more than a week from the others: ${shown(record, places.timestamp)}`;
  }
  const latencyMs = latencyOf(record, places.latency);
  if (latencyMs === null) {
    return `latency_ms is not a number from 0 to ${Math.floor(maxLatencyMs)}: ${shown(record, places.latency)}`;
  }
  const status = statusOf(record, places.status);
  if (status === null) return `status_code is not a number: ${shown(record, places.status)}`;
  into.timestamp = timestamp;
  into.latencyMs = latencyMs;
  into.status = status;
  return null;
}

/** Of the row at hand. */
const numbers: RowNumbers = { timestamp: 0, latencyMs: 0, status: 0 };

/** Adds one row to the table. Returns why it cannot be used; null where it was added. */
export function addRow(
  record: CsvRecord,
  places: Places,
  rules: RowRules,
  table: MetricsTable,
  clock: ClockWatch | null,
): string | null {
  const problem = readNumbers(record, places, rules, numbers);
  if (problem !== null) return problem;
  const { timestamp, latencyMs, status } = numbers;
  table.add(
    timestamp,
    latencyMs,
    nameIn(table.nodeNames, record, places.node),
    phaseOf(record, places, rules, timestamp, table),
    outcomeIn(record, places, status),
  );
  const sec = Math.floor(timestamp);
  clock?.see(sec, Math.round((timestamp - sec) * 1e6), Math.round(latencyMs * 1000), record.line);
  return null;
}

function phaseOf(
  record: CsvRecord,
  { phase }: Places,
  rules: RowRules,
  timestamp: number,
  table: MetricsTable,
): number {
  if (phase < 0) return table.phaseNames.numberOfText(rules.phaseAt?.(timestamp) ?? '');
  return nameIn(table.phaseNames, record, phase);
}

function nameIn(names: Names, record: CsvRecord, field: number): number {
  return names.numberOf(record.view, startOf(record, field), endOf(record, field));
}

/** The `outcome` column is believed where it says one of our words; files of other origin are judged by `error`. */
export function outcomeIn(record: CsvRecord, places: Places, status: number): Outcome {
  if (places.outcome >= 0) {
    const { bytes } = record;
    const start = startOf(record, places.outcome);
    const end = endOf(record, places.outcome);
    const number = outcomeWords.findIndex((word) => word.equals(bytes.subarray(start, end)));
    if (number >= 0) return outcomes[number]!;
  }
  return outcomeOf(isEmpty(record, places.error) ? '' : textOf(record, places.error), status);
}

/** NaN where the field is empty, or is how others write a missing number. */
function latencyOf(record: CsvRecord, field: number): number | null {
  if (isEmpty(record, field)) return Number.NaN;
  const latencyMs = numberOf(record, field);
  if (latencyMs >= 0 && latencyMs <= maxLatencyMs) return latencyMs;
  return textOf(record, field).trim().toLowerCase() === 'nan' ? Number.NaN : null;
}

/** 0 where the field is empty or a word: Redis clients note `OK` there. */
function statusOf(record: CsvRecord, field: number): number | null {
  if (isEmpty(record, field)) return 0;
  const status = numberOf(record, field);
  if (!Number.isNaN(status)) return status;
  return /^\s*[A-Za-z]+\s*$/.test(textOf(record, field)) ? 0 : null;
}

function startOf(record: CsvRecord, field: number): number {
  return record.starts[field]!;
}

function endOf(record: CsvRecord, field: number): number {
  return record.ends[field]!;
}

function isEmpty(record: CsvRecord, field: number): boolean {
  return startOf(record, field) === endOf(record, field);
}

export function numberOf(record: CsvRecord, field: number): number {
  return parseDecimal(record.bytes, startOf(record, field), endOf(record, field));
}

export function textOf(record: CsvRecord, field: number): string {
  return record.bytes.toString('utf8', startOf(record, field), endOf(record, field));
}

function shown(record: CsvRecord, field: number): string {
  return JSON.stringify(textOf(record, field).slice(0, 40));
}
