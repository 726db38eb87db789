import type { Counts } from '../model/analysis.ts';
import { groupOf, type MetricsTable, noLatency, type RowChunk } from '../store/metrics-reader-table.ts';
import { quantile } from './quantile.ts';

export interface LatencyFigures {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly meanMs: number;
}

/** A set of requests in numbers, before anything is divided by time. */
export interface Figures {
  readonly counts: Counts;
  /** Null where no request of the set was sent. */
  readonly latency: LatencyFigures | null;
}

/**
 * Parts the rows into `sets` by the number that `setOf` gives each, and counts each set. Percentiles are exact: the
 * latencies are put in order by a counting sort over the sets, then within each one.
 * @param scratch Room for one number a row; what it holds is overwritten.
 */
export function figuresBy(
  { chunks }: MetricsTable,
  sets: number,
  setOf: (chunk: RowChunk, row: number) => number,
  scratch: Uint32Array,
): Figures[] {
  const byOutcome = new Uint32Array(sets * 4);
  const ends = new Uint32Array(sets);
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.count; row += 1) {
      const set = setOf(chunk, row);
      const cell = set * 4 + groupOf.outcome(chunk.group[row]!);
      byOutcome[cell] = byOutcome[cell]! + 1;
      if (chunk.latencyUs[row] !== noLatency) ends[set] = ends[set]! + 1;
    }
  }
  let before = 0;
  for (let set = 0; set < sets; set += 1) {
    const size = ends[set]!;
    ends[set] = before;
    before += size;
  }
  for (const chunk of chunks) {
    for (let row = 0; row < chunk.count; row += 1) {
      const latencyUs = chunk.latencyUs[row]!;
      if (latencyUs === noLatency) continue;
      const set = setOf(chunk, row);
      const place = ends[set]!;
      scratch[place] = latencyUs;
      ends[set] = place + 1;
    }
  }
  return Array.from({ length: sets }, (_, set) => ({
    counts: countsOf(byOutcome, set * 4),
    latency: latencyOf(scratch.subarray(set === 0 ? 0 : ends[set - 1], ends[set])),
  }));
}

function countsOf(byOutcome: Uint32Array, at: number): Counts {
  const ok = byOutcome[at]!;
  const fail = byOutcome[at + 1]!;
  const unknown = byOutcome[at + 2]!;
  const dropped = byOutcome[at + 3]!;
  return { due: ok + fail + unknown + dropped, ok, fail, unknown, dropped };
}

function latencyOf(latenciesUs: Uint32Array): LatencyFigures | null {
  if (latenciesUs.length === 0) return null;
  latenciesUs.sort();
  let sumUs = 0;
  for (const latencyUs of latenciesUs) sumUs += latencyUs;
  return {
    p50Ms: quantile(latenciesUs, 0.5) / 1000,
    p95Ms: quantile(latenciesUs, 0.95) / 1000,
    p99Ms: quantile(latenciesUs, 0.99) / 1000,
    maxMs: latenciesUs.at(-1)! / 1000,
    meanMs: sumUs / latenciesUs.length / 1000,
  };
}
