import { type Outcome, outcomes } from '../model/record.ts';
import { Cells, type CellsParts } from './metrics-reader-cells.ts';
import { Names, noName } from './metrics-reader-names.ts';
import { momentOf } from './moment.ts';

const maxNodes = 65_535;
const maxPhases = 16_383;

/** Latencies are kept to a microsecond in 32 bits: up to 71 minutes. */
export const maxLatencyMs = 0xffff_fffe / 1000;
/** Seconds are kept in 32 bits: up to the year 2106, which also tells milliseconds since 1970 from seconds. */
export const maxTimestampSec = 0xffff_ffff;

/** When the rows of a set were due, in Unix seconds. */
export interface RowSpan {
  readonly rows: number;
  readonly firstSec: number;
  readonly lastSec: number;
  /** Whether no timestamp of the set has a fraction. */
  readonly wholeSeconds: boolean;
}

type Span = { -readonly [key in keyof RowSpan]: RowSpan[key] };

/** The node, the phase and the outcome of a row in one number. */
export const groupOf = {
  outcome: (group: number) => group & 3,
  phase: (group: number) => (group >>> 2) & maxPhases,
  node: (group: number) => group >>> 16,
  made: (node: number, phase: number, outcome: number) => (node << 16) | (phase << 2) | outcome,
} as const;

/** What a table holds, as it goes from one thread to another. */
export interface TableParts {
  readonly cells: CellsParts;
  readonly nodes: readonly Uint8Array[];
  readonly phases: readonly Uint8Array[];
  /** Whether there were more names than are told apart. */
  readonly overflowed: boolean;
  readonly spans: readonly (RowSpan | undefined)[];
}

/** The rows of one metrics.csv, by second, node, phase and outcome. */
export class MetricsTable {
  readonly cells: Cells;
  readonly nodeNames = new Names(maxNodes);
  readonly phaseNames = new Names(maxPhases);
  /** Whether its cells hold a moment of each row, see `momentOf`, rather than the latencies. */
  readonly keepsMoments: boolean;
  readonly #spans: (Span | undefined)[] = [];

  /** @param fileBytes How long the file is that it is made from. */
  constructor(fileBytes = 0, keepsMoments = false) {
    this.cells = new Cells(fileBytes);
    this.keepsMoments = keepsMoments;
  }

  get nodes(): readonly string[] {
    return this.nodeNames.names;
  }

  /** By number; empty where no row names a phase. */
  get phases(): readonly string[] {
    const { names } = this.phaseNames;
    return names.every((name, phase) => name === noName || this.#spans[phase] === undefined) ? [] : names;
  }

  /** By the number of the phase; none where a phase has no row. */
  get phaseSpans(): readonly (RowSpan | undefined)[] {
    return this.#spans;
  }

  /** Of all rows. There must be one. */
  get span(): RowSpan {
    const spans = this.#spans.filter((span) => span !== undefined);
    return {
      rows: this.rows,
      firstSec: Math.min(...spans.map(({ firstSec }) => firstSec)),
      lastSec: Math.max(...spans.map(({ lastSec }) => lastSec)),
      wholeSeconds: spans.every(({ wholeSeconds }) => wholeSeconds),
    };
  }

  get rows(): number {
    return this.#spans.reduce((sum, span) => sum + (span?.rows ?? 0), 0);
  }

  /** Adds a row. `latencyMs` is NaN where there is none; of a dropped request, which has none, it is not looked at. */
  add(timestamp: number, latencyMs: number, node: number, phase: number, outcome: Outcome): void {
    const sec = Math.floor(timestamp);
    const group = groupOf.made(node, phase, outcomes.indexOf(outcome));
    const latencyUs = Number.isNaN(latencyMs) || outcome === 'dropped' ? -1 : Math.round(latencyMs * 1000);
    if (this.keepsMoments) this.cells.add(sec, group, momentOf((timestamp - sec) * 1e6, latencyUs));
    else if (latencyUs < 0) this.cells.addUnsent(sec, group);
    else this.cells.add(sec, group, latencyUs);
    this.extend(phase, 1, timestamp, timestamp, timestamp === sec);
  }

  /** Notes when rows of a phase were due that were added to the cells. */
  extend(phase: number, rows: number, firstSec: number, lastSec: number, wholeSeconds: boolean): void {
    if (rows === 0) return;
    const span = this.#spans[phase] ?? this.#newSpan(phase);
    span.rows += rows;
    if (firstSec < span.firstSec) span.firstSec = firstSec;
    if (lastSec > span.lastSec) span.lastSec = lastSec;
    span.wholeSeconds &&= wholeSeconds;
  }

  /**
   * Takes over the rows of another table, whose rows come after its own. False, and nothing is taken over, where names
   * were too many to be told apart: which of them are depends on their order.
   */
  absorb({ cells, nodes, phases, spans, overflowed }: TableParts): boolean {
    const numbered = (names: Names, raw: readonly Uint8Array[]) =>
      raw.map((name) => names.numberOfBytes(name));
    const nodeNumbers = numbered(this.nodeNames, nodes);
    const phaseNumbers = numbered(this.phaseNames, phases);
    if (overflowed || this.nodeNames.overflowed || this.phaseNames.overflowed) return false;
    this.cells.absorb(cells, (group) =>
      groupOf.made(
        nodeNumbers[groupOf.node(group)]!,
        phaseNumbers[groupOf.phase(group)]!,
        groupOf.outcome(group),
      ),
    );
    for (const [number, span] of spans.entries()) {
      if (span === undefined) continue;
      this.extend(phaseNumbers[number]!, span.rows, span.firstSec, span.lastSec, span.wholeSeconds);
    }
    return true;
  }

  /** All that it holds; it must not be used afterwards. */
  parts(): TableParts {
    return {
      cells: this.cells.parts(),
      nodes: this.nodeNames.raw,
      phases: this.phaseNames.raw,
      overflowed: this.nodeNames.overflowed || this.phaseNames.overflowed,
      spans: this.#spans,
    };
  }

  /** Gives the memory back at once, rather than when the collector comes round. The table is empty afterwards. */
  release(): void {
    this.cells.release();
    this.#spans.length = 0;
  }

  #newSpan(phase: number): Span {
    const span = {
      rows: 0,
      firstSec: Number.POSITIVE_INFINITY,
      lastSec: Number.NEGATIVE_INFINITY,
      wholeSeconds: true,
    };
    this.#spans[phase] = span;
    return span;
  }
}
