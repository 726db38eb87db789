import type { RequestRecord } from '../model/record.ts';
import { comma, newline } from './csv-bytes.ts';
import { csvRow, textField } from './csv-row.ts';
import { writeFixed, writeWhole } from './row-digits.ts';
import type { RowRing } from './row-ring.ts';

/** What a row takes at most beside its texts: four numbers, a status and nine bytes between or behind. */
const bytesBesideTexts = 4 * 18 + 16 + 9;

/**
 * Adds the rows of records to a ring, the same as those of `csvRow`. That makes a dozen strings of each, which cost more than
 * all else that a thread does for a Redis command, so here the digits go right into the memory of the ring, and each text as
 * the bytes that it was the time before (`bench/README.md` has the figures).
 */
export class RowWriter {
  readonly ring: RowRing;
  readonly #startWallMs: number;
  readonly #traces: string | null;
  readonly #nodes = new Texts();
  readonly #errors = new Texts();
  readonly #outcomes = new Texts();
  readonly #phases = new Texts();
  readonly #operations = new Texts();

  /** The parameters are those of `csvRow`. */
  constructor(ring: RowRing, startWallMs: number, traces: string | null = null) {
    this.ring = ring;
    this.#startWallMs = startWallMs;
    this.#traces = traces;
  }

  /** Never throws and never waits. */
  add(record: RequestRecord): void {
    const { ring } = this;
    const node = this.#nodes.bytesOf(record.node);
    const error = this.#errors.bytesOf(record.outcome === 'dropped' ? 'dropped' : record.error);
    const outcome = this.#outcomes.bytesOf(record.outcome);
    const phase = this.#phases.bytesOf(record.phase);
    const operation = this.#operations.bytesOf(record.op);
    const longest =
      bytesBesideTexts + node.length + error.length + outcome.length + phase.length + operation.length;
    // Rare: at the end of the ring, or where it is full. And who has traces makes strings for each request in any case.
    if (this.#traces !== null || !ring.hasRoom(longest))
      return ring.add(csvRow(record, this.#startWallMs, this.#traces), record.outcome);
    const { scheduledMs, sentMs, doneMs } = record;
    const { bytes } = ring;
    let at = writeFixed(bytes, ring.end, (this.#startWallMs + scheduledMs) * 1000, 6);
    bytes[at++] = comma;
    at = copy(node, bytes, at);
    bytes[at++] = comma;
    at = writeWhole(bytes, at, record.status);
    bytes[at++] = comma;
    at = writeFixed(bytes, at, (doneMs - scheduledMs) * 1000, 3);
    bytes[at++] = comma;
    at = copy(error, bytes, at);
    bytes[at++] = comma;
    at = copy(outcome, bytes, at);
    bytes[at++] = comma;
    at = writeFixed(bytes, at, (doneMs - sentMs) * 1000, 3);
    bytes[at++] = comma;
    at = copy(phase, bytes, at);
    bytes[at++] = comma;
    at = copy(operation, bytes, at);
    bytes[at++] = newline;
    ring.moveEnd(at, record.outcome);
  }
}

/** Nodes choose what errors say: as many texts of one column are kept at most. */
const mostTexts = 1000;

/** The bytes of the texts of one column, which are few, and mostly the same as the time before. */
class Texts {
  readonly #known = new Map<string, Uint8Array>();
  #last: string | undefined;
  #lastBytes: Uint8Array = new Uint8Array();

  bytesOf(text: string): Uint8Array {
    if (text === this.#last) return this.#lastBytes;
    const bytes = this.#known.get(text) ?? this.#add(text);
    this.#last = text;
    this.#lastBytes = bytes;
    return bytes;
  }

  #add(text: string): Uint8Array {
    if (this.#known.size >= mostTexts) this.#known.clear();
    const bytes = new Uint8Array(Buffer.from(textField(text)));
    this.#known.set(text, bytes);
    return bytes;
  }
}

/** For as few bytes as these, faster than to ask the array to do it. */
function copy(from: Uint8Array, to: Uint8Array, at: number): number {
  for (let index = 0; index < from.length; index += 1) to[at + index] = from[index]!;
  return at + from.length;
}
