import { outcomes } from '../model/record.ts';
import { fractionOf, latencyMsOf } from '../store/moment.ts';
import { readMetrics } from '../store/metrics-reader.ts';
import type { Cells } from '../store/metrics-reader-cells.ts';
import { groupOf, type MetricsTable } from '../store/metrics-reader-table.ts';
import type { RunDir } from '../store/run-dir.ts';

/** Outcomes by their numbers: the order of `outcomes`. */
export const ok = outcomes.indexOf('ok');
const fail = outcomes.indexOf('fail');

/** Whether it was answered, well or not. */
export function isAnswered(outcome: number): boolean {
  return outcome === ok || outcome === fail;
}

/** More cells than a second can have and still be told apart: moments have 32 of the 53 bits of a whole double. */
const maxCells = 2 ** 21;

/** All requests of a run in the order in which they were due: seven bytes for each. */
export class Moments {
  readonly nodes: readonly string[];
  /** Whether it is known of no request when in its second it was due. */
  readonly wholeSeconds: boolean;
  /** When the first and the last request were due, in seconds since the second of the first. */
  readonly firstSec: number;
  readonly lastSec: number;
  /** Of each second: the number of its first request; and, at the end, the number of all. */
  readonly #starts: Uint32Array;
  #moments: Uint32Array<ArrayBuffer>;
  #nodes: Uint16Array<ArrayBuffer>;
  #outcomes: Uint8Array<ArrayBuffer>;

  constructor({ cells, nodes, span }: MetricsTable) {
    const zeroSec = Math.floor(span.firstSec);
    const seconds = Math.floor(span.lastSec) - zeroSec + 1;
    this.nodes = [...nodes];
    this.wholeSeconds = span.wholeSeconds;
    this.firstSec = span.firstSec - zeroSec;
    this.lastSec = span.lastSec - zeroSec;
    this.#starts = new Uint32Array(seconds + 1);
    const ofSecond: number[][] = Array.from({ length: seconds }, () => []);
    for (let cell = 0; cell < cells.count; cell += 1) ofSecond[cells.secOf(cell) - zeroSec]!.push(cell);
    for (const [sec, own] of ofSecond.entries())
      this.#starts[sec + 1] = this.#starts[sec]! + own.reduce((sum, cell) => sum + cells.sentOf(cell), 0);
    const count = this.#starts[seconds]!;
    this.#moments = new Uint32Array(count);
    this.#nodes = new Uint16Array(count);
    this.#outcomes = new Uint8Array(count);
    for (const [sec, own] of ofSecond.entries()) this.#sortSecond(cells, own, this.#starts[sec]!);
  }

  get count(): number {
    return this.#moments.length;
  }

  /**
   * Shows the requests due in a part of the run, in their order: when each was due, in seconds since the second of the run's
   * first request; the numbers of its node and of its outcome; and its latency, NaN where there is none.
   */
  each(
    fromSec: number,
    toSec: number,
    see: (sec: number, node: number, outcome: number, latencyMs: number) => void,
  ): void {
    const seconds = this.#starts.length - 1;
    const last = Math.min(Math.ceil(toSec), seconds);
    for (let second = Math.max(Math.floor(fromSec), 0); second < last; second += 1) {
      const end = this.#starts[second + 1]!;
      for (let at = this.#starts[second]!; at < end; at += 1) {
        const moment = this.#moments[at]!;
        const sec = second + fractionOf(moment);
        if (sec >= fromSec && sec < toSec)
          see(sec, this.#nodes[at]!, this.#outcomes[at]!, latencyMsOf(moment));
      }
    }
  }

  /** Gives the memory back at once. */
  release(): void {
    for (const column of [this.#moments, this.#nodes, this.#outcomes]) column.buffer.transfer(0);
    this.#moments = new Uint32Array(0);
    this.#starts.fill(0);
  }

  /** The cells of one second are merged by sorting their moments, each with the number of its cell behind the point. */
  #sortSecond(cells: Cells, own: readonly number[], start: number): void {
    const keys = new Float64Array(own.reduce((sum, cell) => sum + cells.sentOf(cell), 0));
    let filled = 0;
    for (const [number, cell] of own.entries()) {
      cells.eachPiece(cell, (values, from, to) => {
        for (let at = from; at < to; at += 1) {
          keys[filled] = values[at]! * maxCells + number;
          filled += 1;
        }
      });
    }
    keys.sort();
    for (const [index, key] of keys.entries()) {
      const group = cells.groupOf(own[key % maxCells]!);
      this.#moments[start + index] = Math.floor(key / maxCells);
      this.#nodes[start + index] = groupOf.node(group);
      this.#outcomes[start + index] = groupOf.outcome(group);
    }
  }
}

/**
 * Reads the requests of a run once more, for when each of them was due.
 * @throws OrchError as `readMetrics` does
 */
export async function readMoments(run: RunDir): Promise<Moments> {
  const { table } = await readMetrics(run, { moments: true });
  const moments = new Moments(table);
  table.release();
  return moments;
}
