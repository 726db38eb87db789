/** The few first of many, by an order in which no two are alike: whatever order they come in, these are the same. */
export class BestOf<T> {
  readonly #most: number;
  readonly #compare: (a: T, b: T) => number;
  readonly #kept: T[] = [];

  /** @param compare As for sorting: negative where `a` comes first. */
  constructor(most: number, compare: (a: T, b: T) => number) {
    this.#most = most;
    this.#compare = compare;
  }

  /** The last of those that are kept; undefined while all are. */
  get worst(): T | undefined {
    return this.#kept.length < this.#most ? undefined : this.#kept.at(-1);
  }

  get kept(): readonly T[] {
    return this.#kept;
  }

  add(one: T): void {
    const place = this.#kept.findIndex((other) => this.#compare(one, other) < 0);
    this.#kept.splice(place === -1 ? this.#kept.length : place, 0, one);
    this.#kept.length = Math.min(this.#kept.length, this.#most);
  }
}
