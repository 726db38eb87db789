import type { Counts } from '../model/analysis.ts';
import type { Cells } from '../store/metrics-reader-cells.ts';
import { groupOf } from '../store/metrics-reader-table.ts';
import { type LatencyFigures, type LatencyPart, latencyFigures } from './latencies.ts';

/** A set of requests in numbers, before anything is divided by time. */
export interface Figures {
  readonly counts: Counts;
  /** Null where no request of the set was sent. Percentiles are exact. */
  readonly latency: LatencyFigures | null;
}

/** How all requests are parted into so many sets: by the group of each, see `groupOf`. */
export interface Parting {
  readonly sets: number;
  readonly setOf: (group: number) => number;
}

/** The figures of the requests of each second from `zeroSec` on. */
export function figuresBySecond(cells: Cells, zeroSec: number, seconds: number): Figures[] {
  const of = cellsBy(cells, seconds, (cell) => cells.secOf(cell) - zeroSec);
  return Array.from({ length: seconds }, (_, second) => {
    const tally = new Tally(cells, of(second));
    const [latency] = latencyFigures([tally.sent], [{ sets: [0], eachPiece: tally.eachPiece }]);
    return { counts: countsOf(tally.byOutcome), latency: latency! };
  });
}

/** The figures of the sets of some partings, for which the latencies are looked through together. */
export function figuresBy(cells: Cells, partings: readonly Parting[]): Figures[][] {
  const firsts: number[] = [];
  let sets = 0;
  for (const parting of partings) {
    firsts.push(sets);
    sets += parting.sets;
  }
  const groups = new Map<number, number>();
  for (let cell = 0; cell < cells.count; cell += 1) {
    const group = cells.groupOf(cell);
    if (!groups.has(group)) groups.set(group, groups.size);
  }
  const of = cellsBy(cells, groups.size, (cell) => groups.get(cells.groupOf(cell))!);
  const byOutcome = Array.from({ length: sets }, () => [0, 0, 0, 0]);
  const sent = Array.from({ length: sets }, () => 0);
  const parts = [...groups].map(([group, number]): LatencyPart => {
    const tally = new Tally(cells, of(number));
    const own = partings.map(({ setOf }, index) => firsts[index]! + setOf(group));
    for (const set of own) {
      for (const [outcome, rows] of tally.byOutcome.entries()) byOutcome[set]![outcome]! += rows;
      sent[set]! += tally.sent;
    }
    return { sets: own, eachPiece: tally.eachPiece };
  });
  const latencies = latencyFigures(sent, parts);
  return partings.map((parting, index) =>
    Array.from({ length: parting.sets }, (_, number) => {
      const set = firsts[index]! + number;
      return { counts: countsOf(byOutcome[set]!), latency: latencies[set]! };
    }),
  );
}

/** Puts the cells in the order of what `numberOf` gives each of them, by a counting sort; the cells of a number are a part of that. */
function cellsBy(
  cells: Cells,
  numbers: number,
  numberOf: (cell: number) => number,
): (number: number) => Uint32Array {
  const ends = new Uint32Array(numbers + 1);
  const ordered = new Uint32Array(cells.count);
  for (let cell = 0; cell < cells.count; cell += 1) ends[numberOf(cell) + 1]! += 1;
  for (let number = 0; number < numbers; number += 1) ends[number + 1]! += ends[number]!;
  // Each entry begins as where its cells begin, and is where they end when all are placed.
  for (let cell = 0; cell < cells.count; cell += 1) {
    const number = numberOf(cell);
    ordered[ends[number]!] = cell;
    ends[number]! += 1;
  }
  return (number) => ordered.subarray(number === 0 ? 0 : ends[number - 1], ends[number]);
}

/** Some cells, and what can be said of them without a look at their latencies. */
class Tally {
  readonly byOutcome = [0, 0, 0, 0];
  readonly eachPiece: LatencyPart['eachPiece'];
  readonly sent: number;

  constructor(cells: Cells, own: Uint32Array) {
    let sent = 0;
    for (const cell of own) {
      this.byOutcome[groupOf.outcome(cells.groupOf(cell))]! += cells.rowsOf(cell);
      sent += cells.sentOf(cell);
    }
    this.sent = sent;
    this.eachPiece = (take) => {
      for (const cell of own) cells.eachPiece(cell, take);
    };
  }
}

function countsOf([ok, fail, unknown, dropped]: readonly number[]): Counts {
  const counts = { ok: ok!, fail: fail!, unknown: unknown!, dropped: dropped! };
  return { due: counts.ok + counts.fail + counts.unknown + counts.dropped, ...counts };
}
