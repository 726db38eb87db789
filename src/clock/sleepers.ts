/** One who sleeps until a time. */
export interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
  /** Where it stands in the heap; −1 where it does not any more. */
  place: number;
}

/** Who sleeps, the earliest first: a binary heap. */
export class Sleepers {
  readonly #heap: Sleeper[] = [];

  /** When the next one is to be woken; Infinity where nobody sleeps. */
  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  add(atMs: number, wake: () => void): Sleeper {
    const sleeper = { atMs, wake, place: this.#heap.length };
    this.#heap.push(sleeper);
    this.#rise(sleeper);
    return sleeper;
  }

  remove(sleeper: Sleeper): void {
    if (sleeper.place < 0) return;
    const last = this.#heap.pop()!;
    if (last !== sleeper) {
      this.#put(last, sleeper.place);
      this.#rise(last);
      this.#sink(last);
    }
    sleeper.place = -1;
  }

  /** Wakes all whose time has come, in its order. */
  wakeUntil(nowMs: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= nowMs; first = this.#heap[0]) {
      this.remove(first);
      first.wake();
    }
  }

  #rise(sleeper: Sleeper): void {
    while (sleeper.place > 0) {
      const parent = this.#heap[(sleeper.place - 1) >> 1]!;
      if (parent.atMs <= sleeper.atMs) return;
      this.#swap(parent, sleeper);
    }
  }

  #sink(sleeper: Sleeper): void {
    for (;;) {
      const left = this.#heap[2 * sleeper.place + 1];
      const right = this.#heap[2 * sleeper.place + 2];
      if (left === undefined) return;
      const earlier = right !== undefined && right.atMs < left.atMs ? right : left;
      if (sleeper.atMs <= earlier.atMs) return;
      this.#swap(sleeper, earlier);
    }
  }

  /** Of two, the upper one goes down and the lower one up. */
  #swap(upper: Sleeper, lower: Sleeper): void {
    const { place } = upper;
    this.#put(upper, lower.place);
    this.#put(lower, place);
  }

  #put(sleeper: Sleeper, place: number): void {
    sleeper.place = place;
    this.#heap[place] = sleeper;
  }
}
