import type { FaultSpan, PhaseSpan } from '../model/analysis.ts';
import type { ErrorExamples, RequestExample, RequestExamples } from '../model/request-example.ts';
import { maxSpanSec, readMetrics } from '../store/metrics-reader.ts';
import { eachRow, type RequestRow, type RowsSpan } from '../store/request-rows.ts';
import type { RunDir } from '../store/run-dir.ts';
import { BestOf } from './best-of.ts';
import { isEffective, overSec } from './fault-reach.ts';

/** What is known of the run, in seconds since the second of its first request. */
export interface Circumstances {
  readonly phases: readonly PhaseSpan[];
  readonly faults: readonly FaultSpan[];
}

const slowestKept = 10;
const keptOfError = 3;
/** Further errors are only counted: a file with a text of its own in each row must not fill the memory. */
const mostErrors = 200;

/** A row, its Unix time, and its line in the file: no two have the same. */
interface Kept {
  readonly timestamp: number;
  readonly line: number;
  readonly row: Omit<RequestExample, 'due_sec' | 'faults'>;
}

interface ErrorSeen extends Pick<ErrorExamples, 'error' | 'outcome' | 'status'> {
  count: number;
  readonly first: BestOf<Kept>;
}

/**
 * Looks at a run's rows once more, for the slowest requests and some of each error. What is kept does not depend on the
 * order of the rows, but for equal times of equal latencies.
 * @throws OrchError as `readMetrics` does
 */
export async function readExamples(run: RunDir, about: Circumstances): Promise<RequestExamples> {
  const all = { fromSec: 0, toSec: Number.POSITIVE_INFINITY };
  const seen = await look(run, all);
  if (seen.lastSec - seen.firstSec <= maxSpanSec) return examplesOf(seen, about);
  // Which rows are no part of the run takes a look at all of them.
  const { table } = await readMetrics(run);
  const { firstSec, lastSec } = table.span;
  table.release();
  return examplesOf(await look(run, { fromSec: firstSec, toSec: lastSec }), about);
}

interface Seen {
  firstSec: number;
  lastSec: number;
  readonly slowest: BestOf<Kept>;
  readonly errors: Map<string, ErrorSeen>;
  others: number;
}

async function look(run: RunDir, span: RowsSpan): Promise<Seen> {
  const seen: Seen = {
    firstSec: Number.POSITIVE_INFINITY,
    lastSec: Number.NEGATIVE_INFINITY,
    slowest: new BestOf<Kept>(slowestKept, slowestFirst),
    errors: new Map(),
    others: 0,
  };
  await eachRow(run, span, (row) => {
    seen.firstSec = Math.min(seen.firstSec, row.timestamp);
    seen.lastSec = Math.max(seen.lastSec, row.timestamp);
    const { worst } = seen.slowest;
    // Of most rows no text is ever read.
    if (row.latencyMs >= (worst?.row.latency_ms ?? 0)) seen.slowest.add(kept(row));
    if (row.outcome !== 'ok') seeError(row, seen);
  });
  return seen;
}

function seeError(row: RequestRow, seen: Seen): void {
  const { errors } = seen;
  const { outcome } = row;
  const error = row.text('error');
  const status = error === '' ? row.status : 0;
  const key = `${outcome} ${status} ${error}`;
  const known = errors.get(key);
  if (known === undefined && errors.size >= mostErrors) {
    seen.others += 1;
    return;
  }
  const same = known ?? { error, outcome, status, count: 0, first: new BestOf<Kept>(keptOfError, firstDue) };
  same.count += 1;
  if (row.timestamp <= (same.first.worst?.timestamp ?? Number.POSITIVE_INFINITY)) same.first.add(kept(row));
  if (known === undefined) errors.set(key, same);
}

function kept(row: RequestRow): Kept {
  return {
    timestamp: row.timestamp,
    line: row.line,
    row: {
      node: row.node,
      outcome: row.outcome,
      status: row.status,
      latency_ms: numberOrNull(row.latencyMs),
      service_ms: numberOrNull(row.serviceMs),
      error: row.text('error'),
      phase: row.text('phase'),
      op: row.text('op'),
      trace_id: row.text('trace'),
    },
  };
}

function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function slowestFirst(a: Kept, b: Kept): number {
  return (b.row.latency_ms ?? 0) - (a.row.latency_ms ?? 0) || firstDue(a, b);
}

function firstDue(a: Kept, b: Kept): number {
  return a.timestamp - b.timestamp || a.line - b.line;
}

function examplesOf({ firstSec, slowest, errors, others }: Seen, about: Circumstances): RequestExamples {
  const zeroSec = Math.floor(firstSec);
  const shown = (one: Kept) => exampleOf(one, zeroSec, about);
  return {
    slowest: slowest.kept.map(shown),
    errors: [...errors.values()]
      .toSorted((a, b) => b.count - a.count || firstDue(a.first.kept[0]!, b.first.kept[0]!))
      .map(({ first, ...same }) => ({ ...same, first: first.kept.map(shown) })),
    others,
  };
}

function exampleOf(
  { timestamp, row }: Kept,
  zeroSec: number,
  { phases, faults }: Circumstances,
): RequestExample {
  // Timestamps have microseconds; their difference has as many.
  const dueSec = Math.round((timestamp - zeroSec) * 1e6) / 1e6;
  const doneSec = dueSec + (row.latency_ms ?? 0) / 1000;
  const phase = phases.find(({ start_sec, end_sec }) => start_sec <= dueSec && dueSec < end_sec)?.name;
  return {
    ...row,
    due_sec: dueSec,
    phase: row.phase || (phase ?? ''),
    faults: faults
      .filter(isEffective)
      .filter((fault) => fault.effective_sec <= doneSec && dueSec < overSec(fault))
      .map(({ id }) => id),
  };
}
