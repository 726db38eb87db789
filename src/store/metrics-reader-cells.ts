/**
 * Of a large file a slab takes 32 MB, of which the system hands out what is used. Smaller ones would come from malloc's own
 * heap, which keeps what is given back; so the rows of a baseline would still be there beside those of its run. For a small
 * file that does not matter, and it is not to wait for 32 MB to be cleared.
 */
const slabBits = { small: 16, large: 23 } as const;
const largeFileBytes = 1 << 25;
/** Words before the values of a block: how far back the block before it begins (0: there is none), and its size. */
const headWords = 2;
const blockValues = { least: 8, most: 1024 } as const;

/** What `Cells` hold, as it goes from one thread to another. */
export interface CellsParts {
  readonly count: number;
  readonly sec: Uint32Array<ArrayBuffer>;
  readonly group: Uint32Array<ArrayBuffer>;
  readonly unsent: Uint32Array<ArrayBuffer>;
  readonly before: Uint32Array<ArrayBuffer>;
  readonly block: Uint32Array<ArrayBuffer>;
  readonly at: Uint32Array<ArrayBuffer>;
  readonly end: Uint32Array<ArrayBuffer>;
  readonly slabs: Uint32Array<ArrayBuffer>[];
}

/**
 * Latencies in microseconds, of each pair of a second and a group (see `groupOf`) in a cell of its own: whatever set of
 * requests is asked for is a union of cells. A latency takes four bytes and its cell nothing more, so that ten million
 * rows in any order fit into some 50 MB. The values of a cell stand in blocks, each an eighth of what was there before it;
 * an address is the number of a word, counted through all slabs.
 */
export class Cells {
  #count = 0;
  #sec = new Uint32Array(1024);
  #group = new Uint32Array(1024);
  /** Rows without a latency. */
  #unsent = new Uint32Array(1024);
  /** Values in all blocks but the last. */
  #before = new Uint32Array(1024);
  /** Addresses of the last block, of its next free word, and of its end. */
  #block = new Uint32Array(1024);
  #at = new Uint32Array(1024);
  #end = new Uint32Array(1024);
  /** Open addressing: the number of a cell + 1; 0 is free. */
  #places = new Int32Array(4096);
  readonly #slabBits: number;
  #slabs: Uint32Array<ArrayBuffer>[] = [];
  #slab = new Uint32Array(0);
  /** The next free word of the last slab. */
  #free = 0;

  constructor(fileBytes = 0) {
    this.#slabBits = fileBytes < largeFileBytes ? slabBits.small : slabBits.large;
    // V8 takes what is assigned once for a constant, and compiles all code that uses it again when it turns out to be none.
    this.#widen();
  }

  get count(): number {
    return this.#count;
  }

  secOf(cell: number): number {
    return this.#sec[cell]!;
  }

  groupOf(cell: number): number {
    return this.#group[cell]!;
  }

  /** How many latencies it holds. */
  sentOf(cell: number): number {
    const block = this.#block[cell]!;
    return this.#end[cell] === 0 ? 0 : this.#before[cell]! + this.#at[cell]! - block - headWords;
  }

  /** How many rows, with a latency or without. */
  rowsOf(cell: number): number {
    return this.sentOf(cell) + this.#unsent[cell]!;
  }

  add(sec: number, group: number, latencyUs: number): void {
    const cell = this.#cellOf(sec, group);
    if (this.#at[cell] === this.#end[cell]) this.#grow(cell);
    const at = this.#at[cell]!;
    this.#slabs[at >>> this.#slabBits]![at & ((1 << this.#slabBits) - 1)] = latencyUs;
    this.#at[cell] = at + 1;
  }

  addUnsent(sec: number, group: number): void {
    const cell = this.#cellOf(sec, group);
    this.#unsent[cell] = this.#unsent[cell]! + 1;
  }

  /** Hands over the latencies of a cell in pieces: `values[from..to)`. */
  eachPiece(cell: number, take: (values: Uint32Array, from: number, to: number) => void): void {
    if (this.#end[cell] === 0) return;
    let block = this.#block[cell]!;
    let values = this.#at[cell]! - block - headWords;
    for (;;) {
      const slab = this.#slabs[block >>> this.#slabBits]!;
      const from = (block & ((1 << this.#slabBits) - 1)) + headWords;
      take(slab, from, from + values);
      const back = slab[from - headWords]!;
      if (back === 0) return;
      block -= back;
      values = this.#sizeAt(block);
    }
  }

  /** Takes over the cells of another table; a second and group that both have are two cells from now on. */
  absorb(parts: CellsParts, groupFor: (group: number) => number): void {
    const shift = this.#slabs.length * 2 ** this.#slabBits;
    while (this.#sec.length < this.#count + parts.count) this.#widen();
    for (let cell = 0; cell < parts.count; cell += 1) {
      const to = this.#count + cell;
      this.#sec[to] = parts.sec[cell]!;
      this.#group[to] = groupFor(parts.group[cell]!);
      this.#unsent[to] = parts.unsent[cell]!;
      this.#before[to] = parts.before[cell]!;
      if (parts.end[cell] === 0) continue;
      this.#block[to] = parts.block[cell]! + shift;
      this.#at[to] = parts.at[cell]! + shift;
      this.#end[to] = parts.end[cell]! + shift;
    }
    this.#count += parts.count;
    this.#slabs.push(...parts.slabs);
    // What is free in the slab before is left: rows are added before another table is taken over.
    this.#slab = new Uint32Array(0);
    this.#free = 0;
  }

  /** All that it holds; it must not be used afterwards. */
  parts(): CellsParts {
    return {
      count: this.#count,
      sec: this.#sec,
      group: this.#group,
      unsent: this.#unsent,
      before: this.#before,
      block: this.#block,
      at: this.#at,
      end: this.#end,
      slabs: this.#slabs,
    };
  }

  /** Gives the memory back at once, rather than when the collector comes round. Nothing is left in it. */
  release(): void {
    for (const slab of this.#slabs) slab.buffer.transfer(0);
    this.#slabs = [];
    this.#slab = new Uint32Array(0);
    this.#free = 0;
    this.#count = 0;
    this.#places.fill(0);
  }

  #cellOf(sec: number, group: number): number {
    const mask = this.#places.length - 1;
    let place = hashOf(sec, group) & mask;
    for (;;) {
      const cell = this.#places[place]! - 1;
      if (cell < 0) return this.#newCell(sec, group, place);
      if (this.#sec[cell] === sec && (this.#group[cell]! | 0) === group) return cell;
      place = (place + 1) & mask;
    }
  }

  #newCell(sec: number, group: number, place: number): number {
    const cell = this.#count;
    if (cell === this.#sec.length) {
      this.#widen();
      return this.#cellOf(sec, group);
    }
    this.#places[place] = cell + 1;
    this.#sec[cell] = sec;
    this.#group[cell] = group;
    this.#count += 1;
    return cell;
  }

  #widen(): void {
    const wider = (column: Uint32Array) => {
      const twice = new Uint32Array(column.length * 2);
      twice.set(column);
      return twice;
    };
    this.#sec = wider(this.#sec);
    this.#group = wider(this.#group);
    this.#unsent = wider(this.#unsent);
    this.#before = wider(this.#before);
    this.#block = wider(this.#block);
    this.#at = wider(this.#at);
    this.#end = wider(this.#end);
    // A quarter of the places is in use at most.
    this.#places = new Int32Array(this.#sec.length * 4);
    const mask = this.#places.length - 1;
    for (let cell = 0; cell < this.#count; cell += 1) {
      let place = hashOf(this.#sec[cell]!, this.#group[cell]!) & mask;
      while (this.#places[place] !== 0) place = (place + 1) & mask;
      this.#places[place] = cell + 1;
    }
  }

  #grow(cell: number): void {
    const filled = this.sentOf(cell);
    const size = Math.min(Math.max(filled >>> 3, blockValues.least), blockValues.most);
    if (this.#free + size + headWords > this.#slab.length) {
      this.#slab = new Uint32Array(1 << this.#slabBits);
      this.#slabs.push(this.#slab);
      this.#free = 0;
    }
    const block = (this.#slabs.length - 1) * 2 ** this.#slabBits + this.#free;
    this.#slab[this.#free] = filled === 0 ? 0 : block - this.#block[cell]!;
    this.#slab[this.#free + 1] = size;
    this.#free += size + headWords;
    this.#before[cell] = filled;
    this.#block[cell] = block;
    this.#at[cell] = block + headWords;
    this.#end[cell] = block + headWords + size;
  }

  #sizeAt(block: number): number {
    return this.#slabs[block >>> this.#slabBits]![(block & ((1 << this.#slabBits) - 1)) + 1]!;
  }
}

function hashOf(sec: number, group: number): number {
  const hash = Math.imul(sec, 0x9e37_79b1) ^ Math.imul(group, 0x85eb_ca6b);
  return hash ^ (hash >>> 15);
}
