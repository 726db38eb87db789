/** Where names beyond the bound are counted. */
const otherName = '(other)';
/** How an empty name is shown. */
export const noName = '(none)';

/**
 * Gives each distinct name a small number without making a string of every occurrence. At most `bound` names are
 * told apart, so that a file with a name of its own in each row cannot fill the memory; further ones share the last number.
 *
 * A name is read as words of four bytes, little-endian, the last one filled up with zeros. Behind a name there must be
 * three bytes more, whatever stands there.
 */
export class Names {
  readonly names: string[] = [];
  readonly #bytes: Uint8Array[] = [];
  readonly #hashes: number[] = [];
  /** The words of all names, and where those of each begin. */
  #words = new Int32Array(256);
  readonly #wordStarts: number[] = [0];
  /** Open addressing: the number of a name + 1; 0 is free. */
  #places = new Int32Array(256);
  readonly #bound: number;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Whether there were more names than are told apart. */
  get overflowed(): boolean {
    return this.names.length > this.#bound;
  }

  /** The names as they stood in the file, by number. */
  get raw(): readonly Uint8Array[] {
    return this.#bytes;
  }

  numberOf(view: DataView, start: number, end: number): number {
    let hash = 0;
    for (let at = start; at < end; at += 4) hash = mixed(hash, wordAt(view, at, end));
    return this.numberOfHashed(view, start, end, hash);
  }

  numberOfBytes(name: Uint8Array): number {
    const padded = new Uint8Array(name.length + 3);
    padded.set(name);
    return this.numberOf(new DataView(padded.buffer), 0, name.length);
  }

  numberOfText(name: string): number {
    return this.numberOfBytes(Buffer.from(name));
  }

  /** As `numberOf`, for a caller that looked at each byte anyway: `hash` is what `mixed` makes of the words. */
  numberOfHashed(view: DataView, start: number, end: number, hash: number): number {
    const mask = this.#places.length - 1;
    let place = placeOf(hash) & mask;
    for (;;) {
      const number = this.#places[place]! - 1;
      if (number < 0) return this.#add(view, start, end, hash, place);
      if (this.#hashes[number] === hash && this.#is(number, view, start, end)) return number;
      place = (place + 1) & mask;
    }
  }

  #is(number: number, view: DataView, start: number, end: number): boolean {
    if (this.#bytes[number]!.length !== end - start) return false;
    let word = this.#wordStarts[number]!;
    for (let at = start; at < end; at += 4) {
      if (this.#words[word] !== wordAt(view, at, end)) return false;
      word += 1;
    }
    return true;
  }

  #add(view: DataView, start: number, end: number, hash: number, place: number): number {
    const number = this.names.length;
    if (number > this.#bound) return this.#bound;
    if (number === this.#bound) {
      this.names.push(otherName);
      return number;
    }
    const name = new Uint8Array(view.buffer, view.byteOffset + start, end - start).slice();
    this.names.push(name.length === 0 ? noName : Buffer.from(name).toString('utf8'));
    this.#bytes.push(name);
    this.#hashes.push(hash);
    this.#places[place] = number + 1;
    let word = this.#wordStarts[number]!;
    if (word + name.length > this.#words.length) {
      const larger = new Int32Array((word + name.length) * 2);
      larger.set(this.#words);
      this.#words = larger;
    }
    for (let at = start; at < end; at += 4) {
      this.#words[word] = wordAt(view, at, end);
      word += 1;
    }
    this.#wordStarts.push(word);
    if (this.#bytes.length * 4 > this.#places.length) this.#widen();
    return number;
  }

  #widen(): void {
    this.#places = new Int32Array(this.#places.length * 4);
    const mask = this.#places.length - 1;
    for (const [number, hash] of this.#hashes.entries()) {
      let place = placeOf(hash) & mask;
      while (this.#places[place] !== 0) place = (place + 1) & mask;
      this.#places[place] = number + 1;
    }
  }
}

/** The hash of a name after one more word of it; of none it is 0. */
export function mixed(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x9e37_79b1);
}

/** The low bits of a product know nothing of the high ones of its factors. */
function placeOf(hash: number): number {
  return hash ^ (hash >>> 16) ^ (hash >>> 8);
}

function wordAt(view: DataView, at: number, end: number): number {
  const word = view.getInt32(at, true);
  return end - at >= 4 ? word : word & ((1 << ((end - at) * 8)) - 1);
}
