/** How much of an answer or an output is kept: enough for any health page, and no dump fills the memory. */
const limitBytes = 1_000_000;

/** Text that came in pieces, of which the beginning is kept. */
export class KeptText {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Whether there was more than is kept. */
  isCut = false;

  /** Whether more will be kept. */
  add(chunk: Uint8Array): boolean {
    const room = limitBytes - this.#bytes;
    this.#chunks.push(chunk.subarray(0, room));
    this.#bytes += Math.min(chunk.length, room);
    this.isCut ||= chunk.length > room;
    return !this.isCut;
  }

  /** Read as UTF-8. */
  toString(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}
