import { type Outcome, outcomes } from '../model/record.ts';

/** The plain reading of a metrics.csv that the fast one is held against: nothing here is shared with it, and nothing is fast. */
export interface SlowReading {
  /** `sec node phase outcome us` of each row, sorted. */
  readonly rows: readonly string[];
  readonly leftOut: {
    readonly rows: number;
    readonly lines: readonly number[];
    readonly cutOffLine: number | null;
  };
  readonly firstSec: number;
  readonly lastSec: number;
  readonly wholeSeconds: boolean;
}

interface SlowRecord {
  readonly line: number;
  /** Null where it is no CSV. */
  readonly fields: readonly string[] | null;
  readonly terminated: boolean;
}

/** Null where the file has no header of ours. Bytes are read as Latin-1: no field is taken for text but names. */
export function readSlowly(bytes: Buffer): SlowReading | null {
  const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  const records = recordsOf(text).filter(({ fields }) => fields?.length !== 1 || fields[0] !== '');
  const header = records[0]?.fields?.map((name) => name.trim().toLowerCase());
  if (header === undefined) return null;
  const fixed = ['timestamp', 'node', 'status_code', 'latency_ms', 'error'];
  if (!fixed.every((name) => header.includes(name))) return null;
  const rows: string[] = [];
  const lines: number[] = [];
  const times: number[] = [];
  let cutOffLine: number | null = null;
  for (const { line, fields, terminated } of records.slice(1)) {
    const row = fields === null ? null : rowOf(fields, header);
    if (row !== null) {
      rows.push(row.text);
      times.push(row.timestamp);
    } else if (terminated) lines.push(line);
    else cutOffLine = line;
  }
  return {
    rows: rows.sort(),
    leftOut: { rows: lines.length, lines: lines.slice(0, 5), cutOffLine },
    firstSec: Math.min(...times),
    lastSec: Math.max(...times),
    wholeSeconds: times.every((time) => Number.isInteger(time)),
  };
}

function recordsOf(text: string): SlowRecord[] {
  const records: SlowRecord[] = [];
  let from = 0;
  let line = 1;
  while (from < text.length) {
    const record = recordAt(text, from);
    if (record === null) {
      const lineEnd = text.indexOf('\n', from);
      records.push({ line, fields: null, terminated: lineEnd >= 0 });
      from = lineEnd < 0 ? text.length : lineEnd + 1;
      line += 1;
    } else {
      records.push({ line, ...record });
      line += text.slice(from, record.next).split('\n').length - 1;
      from = record.next;
    }
  }
  return records;
}

function recordAt(
  text: string,
  from: number,
): { fields: string[]; terminated: boolean; next: number } | null {
  const fields: string[] = [];
  let at = from;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"\r?(?=[,\n]|$(?![^]))/.exec(text.slice(at));
    const plain = /^[^,\n]*/.exec(text.slice(at))![0];
    if (text[at] === '"') {
      if (quoted === null || quoted[1]!.includes('\0')) return null;
      fields.push(quoted[1]!.replaceAll('""', '"'));
      at += quoted[0].length;
    } else {
      if (plain.includes('\0')) return null;
      at += plain.length;
      fields.push(text[at] === ',' ? plain : plain.replace(/\r$/, ''));
    }
    if (at >= text.length) return { fields, terminated: false, next: at };
    at += 1;
    if (text[at - 1] === '\n') return { fields, terminated: true, next: at };
  }
}

function rowOf(
  fields: readonly string[],
  header: readonly string[],
): { text: string; timestamp: number } | null {
  if (fields.length !== header.length) return null;
  const field = (name: string) => fields[header.indexOf(name)];
  const timestamp = numberOf(field('timestamp')!);
  if (!(timestamp >= 0 && timestamp < 2 ** 32 - 1)) return null;
  const latencyText = field('latency_ms')!;
  const latencyMs = numberOf(latencyText);
  const none = latencyText === '' || latencyText.trim().toLowerCase() === 'nan';
  if (!none && !(latencyMs >= 0 && latencyMs <= (2 ** 32 - 2) / 1000)) return null;
  const statusText = field('status_code')!;
  const word = statusText === '' || /^\s*[A-Za-z]+\s*$/.test(statusText);
  const status = word ? 0 : numberOf(statusText);
  if (Number.isNaN(status)) return null;
  const outcome = outcomes.find((each) => each === field('outcome')) ?? judged(field('error')!, status);
  const us = none || outcome === 'dropped' ? '' : Math.round(latencyMs * 1000);
  const names = [field('node')!, field('phase') ?? ''].map((name) => name || '(none)');
  return { timestamp, text: [Math.floor(timestamp), ...names, outcome, us].join(' ') };
}

function numberOf(text: string): number {
  return /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
}

function judged(error: string, status: number): Outcome {
  if (error.trim() === '') return status >= 400 ? 'fail' : 'ok';
  if (error.trim().toLowerCase() === 'dropped') return 'dropped';
  return /time[sd]?[ _-]?out|deadline exceeded/i.test(error) ? 'unknown' : 'fail';
}
