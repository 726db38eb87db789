/** How the body behind a head is told from what comes next (RFC 9112, 6.3). `opaque`: no HTTP/1 any more. */
export type Framing = number | 'chunked' | 'until_close' | 'opaque';

/** A piece of a message, as a range of the framer’s bytes. */
export interface Part {
  readonly kind: 'head' | 'body' | 'framing';
  readonly start: number;
  readonly end: number;
  /** True where the message ends with it. */
  readonly isLast: boolean;
}

type State = 'head' | 'body' | 'chunk_size' | 'chunk_data' | 'chunk_end' | 'trailer' | 'opaque';

const headEnd = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');
/** A longer head or line is no HTTP that we know of. */
const longestBytes = 65_536;

/**
 * Finds where HTTP/1 messages, their heads and their bodies begin and end in one direction of a connection, however it is
 * cut into chunks. What it cannot read as HTTP is `opaque` from there on: framing without an end.
 */
export class HttpFramer {
  readonly #framingOf: (head: string) => Framing;
  #state: State = 'head';
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** What is left of the body, or of its chunk. */
  #left = 0;

  /** @param framingOf Asked once for each head, as that part is found. */
  constructor(framingOf: (head: string) => Framing) {
    this.#framingOf = framingOf;
  }

  /** Up to where its bytes belong to parts that were found. Ranges hold until the next `push`. */
  get at(): number {
    return this.#at;
  }

  get isOpaque(): boolean {
    return this.#state === 'opaque';
  }

  push(chunk: Buffer): void {
    this.#bytes =
      this.#at === this.#bytes.length ? chunk : Buffer.concat([this.#bytes.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  slice(start: number, end: number): Buffer {
    return start === 0 && end === this.#bytes.length ? this.#bytes : this.#bytes.subarray(start, end);
  }

  /** All bytes to come are passed over, as after an upgrade. */
  giveUp(): void {
    this.#state = 'opaque';
  }

  /** The next part; null where more bytes are needed for it. */
  next(): Part | null {
    if (this.#at === this.#bytes.length) return null;
    switch (this.#state) {
      case 'head':
        return this.#head();
      case 'body':
        return this.#body((left) => left === 0);
      case 'chunk_size':
        return this.#line((line) => this.#chunk(line));
      case 'chunk_data':
        return this.#body((left) => {
          if (left === 0) this.#state = 'chunk_end';
          return false;
        });
      case 'chunk_end':
        return this.#line((line) => this.#expect(line === '', 'chunk_size'));
      case 'trailer':
        return this.#line((line) => line === '');
      case 'opaque':
        return this.#part('framing', this.#bytes.length, false);
    }
  }

  #head(): Part | null {
    const first = this.#bytes[this.#at] ?? 0;
    const isText = first === 0x0d || (first >= 0x41 && first <= 0x7a);
    const end = isText ? this.#bytes.indexOf(headEnd, this.#at) : -1;
    if (end === -1) return isText ? this.#wait() : this.#fail();
    const framing = this.#framingOf(this.#bytes.toString('latin1', this.#at, end + 2));
    if (framing === 'opaque') this.#state = 'opaque';
    else if (framing === 'chunked') this.#state = 'chunk_size';
    else if (framing !== 0) this.#state = 'body';
    this.#left = framing === 'until_close' ? Number.POSITIVE_INFINITY : Number(framing) || 0;
    return this.#part('head', end + headEnd.length, framing === 0);
  }

  #body(isLast: (left: number) => boolean): Part {
    const bytes = Math.min(this.#left, this.#bytes.length - this.#at);
    this.#left -= bytes;
    return this.#part('body', this.#at + bytes, isLast(this.#left));
  }

  #line(isLast: (line: string) => boolean): Part | null {
    const end = this.#bytes.indexOf(lineEnd, this.#at);
    if (end === -1) return this.#wait();
    const last = isLast(this.#bytes.toString('latin1', this.#at, end));
    return this.#part('framing', end + lineEnd.length, last);
  }

  #chunk(line: string): boolean {
    const size = /^[\da-f]{1,13}(?=$|[ \t;])/i.exec(line)?.[0];
    this.#left = Number.parseInt(size ?? '0', 16);
    return this.#expect(size !== undefined, this.#left === 0 ? 'trailer' : 'chunk_data');
  }

  #expect(isAsExpected: boolean, next: State): false {
    this.#state = isAsExpected ? next : 'opaque';
    return false;
  }

  #part(kind: Part['kind'], end: number, isLast: boolean): Part {
    const start = this.#at;
    this.#at = end;
    if (isLast) this.#state = 'head';
    return { kind, start, end, isLast };
  }

  #wait(): Part | null {
    return this.#bytes.length - this.#at > longestBytes ? this.#fail() : null;
  }

  #fail(): Part {
    this.#state = 'opaque';
    return this.#part('framing', this.#bytes.length, false);
  }
}
