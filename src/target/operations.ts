import type { Operation } from './target.ts';

/** One kind of request in a workload. */
export interface Weighted {
  /** Stands in the `op` column. */
  readonly name: string;
  readonly weight: number;
}

interface Entry {
  readonly operation: Operation;
  /** Picks below this, and not below that of the one before, fall on it. */
  readonly end: number;
}

/** The operations of all workloads of a target, each by its index. */
export class Operations<T extends Weighted> {
  readonly #all: T[] = [];
  readonly #mixes = new Map<string | null, readonly Entry[]>();

  /** @param workload Null: the one that needs no name. */
  add(workload: string | null, mix: readonly T[]): void {
    const total = mix.reduce((sum, { weight }) => sum + weight, 0);
    let reached = 0;
    const entries = mix.map((one) => {
      reached += one.weight;
      this.#all.push(one);
      return { operation: { name: one.name, index: this.#all.length - 1 }, end: reached / total };
    });
    this.#mixes.set(workload, entries);
  }

  /** The operation that `pick` (0 ≤ pick < 1) falls on, each having its weight’s share of that range. */
  pick(pick: number, workload: string | null): Operation {
    const mix = this.#mixes.get(workload);
    const entry = mix?.find(({ end }) => pick < end) ?? mix?.at(-1);
    // The plan has seen to it that there is such a workload.
    if (entry === undefined) throw new Error(`there is no workload ${workload}`);
    return entry.operation;
  }

  at({ index }: Operation): T {
    const found = this.#all[index];
    if (found === undefined) throw new Error(`there is no operation ${index}`);
    return found;
  }
}
