import { binCount, binOf } from '../model/log-bin.ts';
import { quantile } from '../stats/quantile.ts';
import { RankSearch } from './rank-search.ts';

export interface LatencyFigures {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly meanMs: number;
}

/** Some latencies in microseconds, and the numbers of the sets that they belong to: eight at most. */
export interface LatencyPart {
  readonly sets: readonly number[];
  /** Hands them over in pieces, in any order, as often as it is called. */
  readonly eachPiece: (take: (values: Uint32Array, from: number, to: number) => void) => void;
}

const shares = [0.5, 0.95, 0.99] as const;
/** So few are sorted; more take an array of bins, which the values themselves would not need. */
const fewValues = 4096;
/** Of the part at hand: how many values each bin has, and which of its sets want to see them once more, a bit for each. */
const binsOfPart = new Uint32Array(binCount);
const wantedBy = new Uint8Array(binCount);
/** Those of former sets, to be used again: a run has a set for each second. */
const idle: RankSearch[] = [];

/**
 * Exact figures of sets, each of so many latencies, that may share parts: all that the sets ask of a part is found in the
 * same two looks at its values. Null for a set without any.
 */
export function latencyFigures(
  counts: readonly number[],
  parts: readonly LatencyPart[],
): (LatencyFigures | null)[] {
  const sets = counts.map((count) =>
    count <= fewValues ? new FewLatencies(count) : new ManyLatencies(count),
  );
  for (const part of parts) countPart(part, sets);
  const many = sets.filter((set) => set instanceof ManyLatencies);
  for (const { search } of many) search.begin();
  while (many.some(({ search }) => search.isOpen)) {
    for (const part of parts) lookAgain(part, sets);
    for (const { search } of many) search.narrow();
  }
  const figures = sets.map((set) => set.figures);
  idle.push(...many.map(({ search }) => search));
  return figures;
}

class FewLatencies {
  readonly #values: Uint32Array;
  #length = 0;

  constructor(count: number) {
    this.#values = new Uint32Array(count);
  }

  add(values: Uint32Array): void {
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  get figures(): LatencyFigures | null {
    const sorted = this.#values.sort();
    if (sorted.length === 0) return null;
    let sumUs = 0;
    for (const valueUs of sorted) sumUs += valueUs;
    return figuresOf(sorted, sumUs, sorted.at(-1)!);
  }
}

class ManyLatencies {
  readonly search: RankSearch;
  readonly #count: number;
  readonly #ranks: readonly number[];
  #sumUs = 0;
  #maxUs = 0;

  constructor(count: number) {
    const lower = shares.map((share) => Math.floor((count - 1) * share));
    this.#count = count;
    this.#ranks = [...new Set(lower.flatMap((rank) => [rank, Math.min(rank + 1, count - 1)]))];
    this.search = idle.pop() ?? new RankSearch();
    this.search.reset(this.#ranks);
  }

  add(bins: Uint32Array, sumUs: number, maxUs: number): void {
    this.search.add(bins);
    this.#sumUs += sumUs;
    this.#maxUs = Math.max(this.#maxUs, maxUs);
  }

  get figures(): LatencyFigures {
    // As much of the sorted latencies as quantiles look at.
    const sorted: Record<number, number> & { length: number } = { length: this.#count };
    for (const [index, value] of this.search.values.entries()) sorted[this.#ranks[index]!] = value;
    return figuresOf(sorted, this.#sumUs, this.#maxUs);
  }
}

function figuresOf(sorted: ArrayLike<number>, sumUs: number, maxUs: number): LatencyFigures {
  const [p50Ms, p95Ms, p99Ms] = shares.map((share) => quantile(sorted, share) / 1000);
  return {
    p50Ms: p50Ms!,
    p95Ms: p95Ms!,
    p99Ms: p99Ms!,
    maxMs: maxUs / 1000,
    meanMs: sumUs / sorted.length / 1000,
  };
}

type LatencySet = FewLatencies | ManyLatencies;

function countPart({ sets: numbers, eachPiece }: LatencyPart, sets: readonly LatencySet[]): void {
  const few = numbers.map((number) => sets[number]!).filter((set) => set instanceof FewLatencies);
  const many = numbers.map((number) => sets[number]!).filter((set) => set instanceof ManyLatencies);
  let sumUs = 0;
  let maxUs = 0;
  binsOfPart.fill(0);
  eachPiece((values, from, to) => {
    for (const set of few) set.add(values.subarray(from, to));
    if (many.length === 0) return;
    // Variables of this function's own stay in registers.
    let sum = 0;
    let max = 0;
    for (let at = from; at < to; at += 1) {
      const valueUs = values[at]!;
      const bin = binOf(valueUs);
      binsOfPart[bin] = binsOfPart[bin]! + 1;
      sum += valueUs;
      if (valueUs > max) max = valueUs;
    }
    sumUs += sum;
    maxUs = Math.max(maxUs, max);
  });
  for (const set of many) set.add(binsOfPart, sumUs, maxUs);
}

function lookAgain({ sets: numbers, eachPiece }: LatencyPart, sets: readonly LatencySet[]): void {
  const open = numbers
    .map((number) => sets[number]!)
    .filter((set) => set instanceof ManyLatencies)
    .map(({ search }) => search)
    .filter(({ isOpen }) => isOpen);
  if (open.length === 0) return;
  wantedBy.fill(0);
  for (const [index, search] of open.entries()) {
    for (const bin of search.openBins) wantedBy[bin] = wantedBy[bin]! | (1 << index);
  }
  eachPiece((values, from, to) => {
    for (let at = from; at < to; at += 1) {
      const valueUs = values[at]!;
      const wanted = wantedBy[binOf(valueUs)]!;
      if (wanted === 0) continue;
      for (let index = 0; index < open.length; index += 1) {
        if ((wanted & (1 << index)) !== 0) open[index]!.count(valueUs);
      }
    }
  });
}
