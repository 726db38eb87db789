import { carriageReturn, comma, newline, quote } from './csv-bytes.ts';
import { type CsvOptions, type CsvRecord, maxRecordBytes, slackBytes } from './csv-record.ts';

const maxFields = 1024;

/**
 * Reads CSV as RFC 4180 has it, from bytes in pieces of any size: quoted fields with doubled quotes, commas and
 * newlines; LF or CRLF; a byte order mark is skipped. Beyond that, a quote within a field that does not begin with one
 * stands for itself, as tools write it that quote nothing. What else is no CSV is handed over as a record with a problem,
 * and reading goes on with the line after the one on which that record began.
 */
export class CsvParser {
  readonly #onRecord: (record: CsvRecord) => void;
  readonly #maxRecordBytes: number;
  readonly #readPlain: CsvOptions['readPlain'];
  readonly #record = {
    bytes: Buffer.alloc(0),
    view: viewOf(Buffer.alloc(0)),
    starts: new Int32Array(maxFields),
    ends: new Int32Array(maxFields),
    count: 0,
    line: 1,
    problem: null as string | null,
    terminated: true,
  };
  /** Fields of the current record that hold doubled quotes. */
  #escaped: number[] = [];
  #buffer = Buffer.alloc(1 << 16);
  #view = viewOf(this.#buffer);
  #length = 0;
  #line = 1;
  /** Newlines within quotes, in the current record. */
  #linesInRecord = 0;
  /** Whether the bytes ended within quotes. */
  #unclosed = false;
  #atStart = true;
  /** Inside a line that is too long to be kept. */
  #skipping = false;

  constructor(onRecord: (record: CsvRecord) => void, options: CsvOptions = {}) {
    this.#onRecord = onRecord;
    this.#maxRecordBytes = options.maxRecordBytes ?? maxRecordBytes;
    this.#readPlain = options.readPlain;
  }

  /** The line on which the next record begins; the first is 1. */
  get line(): number {
    return this.#line;
  }

  /** Whether all bytes so far were whole records. */
  get isBetweenRecords(): boolean {
    return this.#length === 0 && !this.#skipping;
  }

  /** Takes the next bytes of the file. They are copied. */
  write(chunk: Uint8Array): void {
    this.space(chunk.length).set(chunk);
    this.wrote(chunk.length);
  }

  /** Where the next bytes of the file are to be put, `wrote` to be called with how many they were: saves a copy. */
  space(bytes: number): Buffer {
    const needed = this.#length + bytes + slackBytes;
    if (needed > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(this.#length * 2, needed));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
      this.#view = viewOf(larger);
    }
    return this.#buffer.subarray(this.#length, this.#length + bytes);
  }

  wrote(bytes: number): void {
    this.#length += bytes;
    this.#consume(false);
  }

  /** Says that the file has ended. */
  end(): void {
    this.#consume(true);
  }

  #consume(final: boolean): void {
    let from = this.#afterMark(final);
    while (from < this.#length) {
      from = this.#plainFrom(from);
      if (from >= this.#length) break;
      const next = this.#skipping ? this.#skipLine(from) : this.#recordAt(from, final);
      if (next < 0) break;
      from = next;
    }
    this.#buffer.copyWithin(0, from, this.#length);
    this.#length -= from;
  }

  #plainFrom(from: number): number {
    if (this.#readPlain === undefined || this.#skipping || this.#atStart) return from;
    const { at, rows } = this.#readPlain(this.#buffer, this.#view, from, this.#length, this.#line);
    this.#line += rows;
    return at;
  }

  #afterMark(final: boolean): number {
    if (!this.#atStart || (this.#length < 3 && !final)) return 0;
    this.#atStart = false;
    const { 0: a, 1: b, 2: c } = this.#buffer;
    return this.#length >= 3 && a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
  }

  #skipLine(from: number): number {
    const at = this.#buffer.indexOf(newline, from);
    if (at < 0 || at >= this.#length) return this.#length;
    this.#skipping = false;
    this.#line += 1;
    return at + 1;
  }

  /** Hands over the record at `from` and returns where the next one begins, or −1 if its end is not there yet. */
  #recordAt(from: number, final: boolean): number {
    const record = this.#record;
    record.bytes = this.#buffer;
    record.view = this.#view;
    record.line = this.#line;
    record.problem = null;
    record.terminated = true;
    this.#escaped.length = 0;
    this.#linesInRecord = 0;
    this.#unclosed = false;
    // What becomes of a record is decided by as many bytes as it may have, however many of them are here by now.
    const limit = from + this.#maxRecordBytes;
    const next = this.#scan(from, Math.min(this.#length, limit));
    if (record.problem !== null) return this.#giveUp(from, record.problem, final);
    if (next >= 0) return this.#finish(next);
    if (!final && this.#length < limit) return -1;
    if (this.#unclosed) return this.#giveUp(from, 'holds an unclosed quote', final);
    if (this.#length >= limit) return this.#giveUp(from, 'is longer than any row can be', final);
    record.terminated = false;
    return this.#finish(this.#length);
  }

  #finish(next: number): number {
    for (const field of this.#escaped) this.#undouble(field);
    if (this.#record.count > maxFields) this.#record.problem = `has ${this.#record.count} fields`;
    this.#line += this.#linesInRecord + 1;
    this.#onRecord(this.#record);
    return next;
  }

  /** Reports the record at `from` as unusable and goes on behind its first line. */
  #giveUp(from: number, problem: string, final: boolean): number {
    const at = this.#buffer.indexOf(newline, from);
    const found = at >= 0 && at < this.#length;
    const tooLong = this.#length - from >= this.#maxRecordBytes;
    // The rest of the line may still come.
    if (!found && !final && !tooLong) return -1;
    this.#record.problem = problem;
    this.#record.count = 0;
    this.#record.terminated = found || tooLong;
    this.#onRecord(this.#record);
    if (found) this.#line += 1;
    else this.#skipping = true;
    return found ? at + 1 : this.#length;
  }

  /** Finds the fields of the record at `from`. Returns where the next record begins; −1 if the bytes end before, at `length`. */
  #scan(from: number, length: number): number {
    const record = this.#record;
    const { starts, ends } = record;
    const bytes = this.#buffer;
    let count = 0;
    let start = from;
    let at = from;
    for (;;) {
      if (at < length && bytes[at] === quote) {
        at = this.#scanQuoted(at, length, count);
        if (record.problem !== null) return -1;
      } else {
        if (count < maxFields) starts[count] = start;
        // Digits, letters and dots lie above the comma, so that one comparison passes over nearly all bytes.
        for (; at < length; at += 1) {
          const byte = bytes[at]!;
          if (byte > comma) continue;
          if (byte === comma || byte === newline) break;
          if (byte === 0) record.problem ??= 'holds a NUL byte';
        }
        const atLineEnd = at >= length || bytes[at] === newline;
        const crlf = atLineEnd && at > start && bytes[at - 1] === carriageReturn;
        if (count < maxFields) ends[count] = crlf ? at - 1 : at;
      }
      count += 1;
      record.count = count;
      if (at >= length) return -1;
      at += 1;
      start = at;
      if (bytes[at - 1] === newline) return at;
    }
  }

  /** Reads a quoted field whose opening quote is at `open`; returns where the comma or newline behind it is. */
  #scanQuoted(open: number, length: number, field: number): number {
    const record = this.#record;
    const bytes = this.#buffer;
    let doubled = false;
    let at = open + 1;
    if (field < maxFields) record.starts[field] = at;
    for (; at < length; at += 1) {
      const byte = bytes[at]!;
      if (byte === newline) this.#linesInRecord += 1;
      else if (byte === 0) record.problem ??= 'holds a NUL byte';
      else if (byte === quote) {
        if (at + 1 >= length || bytes[at + 1] !== quote) break;
        doubled = true;
        at += 1;
      }
    }
    if (field < maxFields) record.ends[field] = at;
    if (doubled) this.#escaped.push(field);
    this.#unclosed = at >= length;
    at += 1;
    if (at < length && bytes[at] === carriageReturn) at += 1;
    if (at < length && bytes[at] !== comma && bytes[at] !== newline)
      record.problem ??= 'has text after a closing quote';
    return Math.min(at, length);
  }

  /** Makes each doubled quote of a field single, in place: the record is whole, its bytes are not read again. */
  #undouble(field: number): void {
    if (field >= maxFields) return;
    const bytes = this.#buffer;
    const end = this.#record.ends[field]!;
    let to = this.#record.starts[field]!;
    for (let at = to; at < end; at += 1) {
      bytes[to] = bytes[at]!;
      to += 1;
      if (bytes[at] === quote) at += 1;
    }
    this.#record.ends[field] = to;
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}
