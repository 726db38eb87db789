import { type Outcome, outcomes } from '../model/record.ts';
import { Names, noName } from './metrics-reader-names.ts';

/**
 * A column of a chunk takes 32 MB, of which the system hands out what is used. Smaller ones would come from malloc's own
 * heap, which keeps what is given back; so the rows of a baseline would still be there beside those of its run.
 */
const usualChunkRows = 1 << 23;
const maxNodes = 65_535;
const maxPhases = 16_383;

/** In place of a latency where a row has none. */
export const noLatency = 0xffff_ffff;
/** Latencies are kept to a microsecond in 32 bits: up to 71 minutes. */
export const maxLatencyMs = (noLatency - 1) / 1000;
/** Seconds are kept in 32 bits: up to the year 2106, which also tells milliseconds since 1970 from seconds. */
export const maxTimestampSec = 0xffff_ffff;

/** What is kept of each row, in columns; only the first `count` entries are rows. */
export interface RowChunk {
  /** floor(timestamp). */
  readonly sec: Uint32Array<ArrayBuffer>;
  /** `noLatency` where there is none, and for a request that was dropped. */
  readonly latencyUs: Uint32Array<ArrayBuffer>;
  readonly group: Uint32Array<ArrayBuffer>;
  count: number;
}

/** When the rows of a set were due, in Unix seconds. */
export interface RowSpan {
  readonly rows: number;
  readonly firstSec: number;
  readonly lastSec: number;
  /** Whether no timestamp of the set has a fraction. */
  readonly wholeSeconds: boolean;
}

/** The node, the phase and the outcome of a row in one number. */
export const groupOf = {
  outcome: (group: number) => group & 3,
  phase: (group: number) => (group >>> 2) & maxPhases,
  node: (group: number) => group >>> 16,
} as const;

/** The rows of one metrics.csv: twelve bytes for each. */
export class MetricsTable {
  readonly chunks: RowChunk[] = [];
  readonly #nodes = new Names(maxNodes);
  readonly #phases = new Names(maxPhases);
  readonly #spans: { rows: number; firstSec: number; lastSec: number; wholeSeconds: boolean }[] = [];
  readonly #chunkRows: number;
  #last: RowChunk = newChunk(0);

  constructor(chunkRows = usualChunkRows) {
    this.#chunkRows = chunkRows;
  }

  get nodes(): readonly string[] {
    return this.#nodes.names;
  }

  /** By number; empty where no row names a phase. */
  get phases(): readonly string[] {
    const { names } = this.#phases;
    return names.every((name) => name === noName) ? [] : names;
  }

  /** By the number of the phase. */
  get phaseSpans(): readonly RowSpan[] {
    return this.#spans;
  }

  /** Of all rows. There must be one. */
  get span(): RowSpan {
    return {
      rows: this.#spans.reduce((sum, { rows }) => sum + rows, 0),
      firstSec: Math.min(...this.#spans.map(({ firstSec }) => firstSec)),
      lastSec: Math.max(...this.#spans.map(({ lastSec }) => lastSec)),
      wholeSeconds: this.#spans.every(({ wholeSeconds }) => wholeSeconds),
    };
  }

  get rows(): number {
    return this.chunks.reduce((sum, { count }) => sum + count, 0);
  }

  nodeNumber(bytes: Buffer, start: number, end: number): number {
    return this.#nodes.numberOf(bytes, start, end);
  }

  phaseNumber(bytes: Buffer, start: number, end: number): number {
    return this.#phases.numberOf(bytes, start, end);
  }

  phaseNumberOf(name: string): number {
    return this.#phases.numberOfText(name);
  }

  /** `latencyMs` is NaN where there is none. */
  add(timestamp: number, latencyMs: number, node: number, phase: number, outcome: Outcome): void {
    if (this.#last.count === this.#last.sec.length) {
      this.#last = newChunk(this.#chunkRows);
      this.chunks.push(this.#last);
    }
    const chunk = this.#last;
    const row = chunk.count;
    const sent = outcome !== 'dropped' && !Number.isNaN(latencyMs);
    chunk.sec[row] = timestamp; // storing into whole numbers rounds down
    chunk.latencyUs[row] = sent ? Math.round(latencyMs * 1000) : noLatency;
    chunk.group[row] = (node << 16) | (phase << 2) | outcomes.indexOf(outcome);
    chunk.count += 1;
    this.#extend(phase, timestamp);
  }

  /** Gives the memory back at once, rather than when the collector comes round. The table is empty afterwards. */
  release(): void {
    for (const { sec, latencyUs, group } of this.chunks) {
      for (const column of [sec, latencyUs, group]) column.buffer.transfer(0);
    }
    this.chunks.length = 0;
    this.#last = newChunk(0);
  }

  #extend(phase: number, timestamp: number): void {
    const span = this.#spans[phase];
    const whole = Number.isInteger(timestamp);
    if (span === undefined) {
      this.#spans[phase] = { rows: 1, firstSec: timestamp, lastSec: timestamp, wholeSeconds: whole };
      return;
    }
    span.rows += 1;
    if (timestamp < span.firstSec) span.firstSec = timestamp;
    if (timestamp > span.lastSec) span.lastSec = timestamp;
    if (!whole) span.wholeSeconds = false;
  }
}

function newChunk(rows: number): RowChunk {
  return {
    sec: new Uint32Array(rows),
    latencyUs: new Uint32Array(rows),
    group: new Uint32Array(rows),
    count: 0,
  };
}
