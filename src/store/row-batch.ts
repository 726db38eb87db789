const newline = 0x0a;

/** Whole rows that wait to be written, in a buffer of fixed size. */
export class RowBatch {
  readonly #buffer: Buffer;
  #length = 0;
  #rows = 0;

  constructor(sizeBytes: number) {
    // The system hands out memory only as far as it is used.
    this.#buffer = Buffer.allocUnsafe(sizeBytes);
  }

  get rows(): number {
    return this.#rows;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** False where there may be no room left for the row. */
  add(row: string): boolean {
    // A UTF-16 unit takes up to three bytes of UTF-8.
    if (this.#length + row.length * 3 > this.#buffer.length) return false;
    this.#length += this.#buffer.write(row, this.#length);
    this.#rows += 1;
    return true;
  }

  clear(): void {
    this.#length = 0;
    this.#rows = 0;
  }

  /** Of the first `lengthBytes`: how many whole rows they hold, and how many bytes these are. */
  wholeRows(lengthBytes: number): { rows: number; bytes: number } {
    const begun = this.#buffer.subarray(0, lengthBytes);
    let rows = 0;
    let bytes = 0;
    for (let at = begun.indexOf(newline); at >= 0; at = begun.indexOf(newline, bytes)) {
      rows += 1;
      bytes = at + 1;
    }
    return { rows, bytes };
  }
}
