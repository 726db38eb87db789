import type { Counts } from '../model/analysis.ts';
import type { Outcome } from '../model/record.ts';

/** Where numbers stand at the head of the memory: offsets as 32-bit integers, then counts as floats. */
const at = { end: 0, start: 1, refuses: 2 } as const;
const integers = 4;
const count = { ok: 0, fail: 1, unknown: 2, dropped: 3, refused: 4 } as const;
const counters = 6;
const headBytes = integers * 4 + counters * 8;

/**
 * Rows on their way to a file, in a ring of bytes that two threads share: one adds rows, the other takes them. Rows that
 * were added outlive the thread that added them. Where there is no room, none is taken any more, and those refused are
 * counted: memory does not grow, and nothing is missing in silence.
 *
 * Either side moves one end only, and by one atomic step when the bytes are there, or are of no more use. The counts have
 * one writer; a float of eight aligned bytes is read whole on all machines there are.
 */
export class RowRing {
  readonly memory: SharedArrayBuffer;
  readonly #ends: Int32Array;
  readonly #counts: Float64Array;
  readonly #bytes: Buffer;
  /** Where what waits began when that was last looked at by who adds rows. */
  #start = 0;

  /** @param memory Of another ring of this kind, to be one side of it. */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#ends = new Int32Array(memory, 0, integers);
    this.#counts = new Float64Array(memory, integers * 4, counters);
    this.#bytes = Buffer.from(memory, headBytes);
  }

  /** The system hands out memory only as far as it is used. */
  static ofSize(sizeBytes: number): RowRing {
    return new RowRing(new SharedArrayBuffer(headBytes + sizeBytes));
  }

  /** The memory of rows. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Where in it the next row begins. */
  get end(): number {
    return this.#ends[at.end]!;
  }

  /** Whether rows are taken, and one of that length has room where the next begins. */
  hasRoom(lengthBytes: number): boolean {
    if (this.#ends[at.refuses] !== 0) return false;
    const { end } = this;
    if (lengthBytes > this.#bytes.length - end) return false;
    if (lengthBytes <= this.#roomAfter(end)) return true;
    this.#start = Atomics.load(this.#ends, at.start);
    return lengthBytes <= this.#roomAfter(end);
  }

  /** A whole row, newline included, of a request with that outcome has been written from `end` on, where it had room, up to here. */
  moveEnd(end: number, outcome: Outcome): void {
    this.#counts[count[outcome]]! += 1;
    this.#moveEnd(end);
  }

  /** Adds such a row wherever there is room for it. Never throws and never waits. */
  add(row: string, outcome: Outcome): void {
    this.#counts[count[outcome]]! += 1;
    const bytes = Buffer.from(row);
    const { end } = this;
    this.#start = Atomics.load(this.#ends, at.start);
    const isRefused = Atomics.load(this.#ends, at.refuses) !== 0;
    if (isRefused || bytes.length > this.#roomAfter(end)) {
      this.#counts[count.refused]! += 1;
      this.refuse();
      return;
    }
    const first = bytes.copy(this.#bytes, end);
    bytes.copy(this.#bytes, 0, first);
    this.#moveEnd(end + bytes.length);
  }

  /** No row is taken from now on. Either side may say so. */
  refuse(): void {
    Atomics.store(this.#ends, at.refuses, 1);
  }

  /** How many rows there were to add, by outcome, refused or not. */
  get counts(): Counts {
    const [ok = 0, fail = 0, unknown = 0, dropped = 0] = this.#counts;
    return { due: ok + fail + unknown + dropped, ok, fail, unknown, dropped };
  }

  get refusedRows(): number {
    return this.#counts[count.refused]!;
  }

  /** The bytes that wait, in up to two pieces. */
  get waiting(): readonly Buffer[] {
    const end = Atomics.load(this.#ends, at.end);
    const start = this.#ends[at.start]!;
    const pieces =
      start <= end
        ? [this.#bytes.subarray(start, end)]
        : [this.#bytes.subarray(start), this.#bytes.subarray(0, end)];
    return pieces.filter(({ length }) => length > 0);
  }

  /** The first so many bytes of what waits are of no more use. */
  take(lengthBytes: number): void {
    Atomics.store(this.#ends, at.start, (this.#ends[at.start]! + lengthBytes) % this.#bytes.length);
  }

  /** One byte is left free: a full ring would look like an empty one. */
  #roomAfter(end: number): number {
    const room = this.#start - end - 1;
    return room < 0 ? room + this.#bytes.length : room;
  }

  #moveEnd(end: number): void {
    Atomics.store(this.#ends, at.end, end % this.#bytes.length);
  }
}

export const newline = 0x0a;

/** How many whole rows some bytes hold that begin with one, and how many bytes these are. */
export function wholeRows(bytes: Buffer): { readonly rows: number; readonly lengthBytes: number } {
  let rows = 0;
  let lengthBytes = 0;
  for (let next = bytes.indexOf(newline); next >= 0; next = bytes.indexOf(newline, lengthBytes)) {
    rows += 1;
    lengthBytes = next + 1;
  }
  return { rows, lengthBytes };
}
