import type { OpenDemand } from '../model/demand.ts';
import { drawAt } from '../model/draw-at.ts';
import { type Arrivals, arrivalsOf } from './arrivals.ts';
import { purpose } from './purpose.ts';

export interface Schedule extends Pick<OpenDemand, 'rate' | 'arrivals'> {
  /** When its rate begins, in milliseconds of the run. */
  readonly sinceMs: number;
  /** Nothing is due before this, which is not before its rate begins; something is due just then, unless gaps are drawn. */
  readonly fromMs: number;
  /** Nothing is due at or after this. */
  readonly untilMs: number;
  /** The number of its first request. */
  readonly firstSeq: number;
  readonly seed: number;
  /** Of several who work through one schedule, this one takes each request whose number is `index` modulo `of`. */
  readonly share: Share;
}

export interface Share {
  readonly index: number;
  readonly of: number;
}

export const wholeShare: Share = { index: 0, of: 1 };

/**
 * The schedule of an open model: when each request is due, whatever the nodes do. Pure: it knows no clock. Each time is
 * computed from how many requests are due by then, so that times do not drift, and are the same for all who share the work.
 */
export class Pacer {
  readonly #schedule: Schedule;
  readonly #arrivals: Arrivals;
  readonly #isPoisson: boolean;
  /** What the rate had made due before this schedule began. */
  readonly #countBefore: number;
  #seq: number;
  /** How many requests are due before this one; with fraction, where gaps are drawn. */
  #count: number;
  #dueMs: number;
  /** The request that was taken last, from which the whole schedule can be gone through again. */
  #taken: { readonly seq: number; readonly count: number } | null = null;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#arrivals = arrivalsOf(schedule.rate);
    this.#countBefore = this.#arrivals.countBy(schedule.fromMs - schedule.sinceMs);
    this.#isPoisson = schedule.arrivals === 'poisson';
    this.#seq = schedule.firstSeq;
    this.#count = this.#isPoisson ? this.#gap(this.#seq) : 0;
    this.#dueMs = this.#dueAt(this.#count);
    this.#seekOwn();
  }

  /** When the next request is due; Infinity when the schedule has ended. */
  get nextMs(): number {
    return this.#dueMs < this.#schedule.untilMs ? this.#dueMs : Number.POSITIVE_INFINITY;
  }

  /** The number of the next request. */
  get nextSeq(): number {
    return this.#seq;
  }

  /** Takes the next request off the schedule. */
  take(): void {
    this.#taken = { seq: this.#seq, count: this.#count };
    this.#step();
    this.#seekOwn();
  }

  /**
   * Ends the schedule at a time, when all of one's own that was due before is taken. Another may go on from there.
   * @returns The number of the first request, whoever takes it, that was not due by then, and when the one before it was.
   */
  end(atMs: number): { readonly nextSeq: number; readonly lastDueMs: number } {
    const { firstSeq, untilMs } = this.#schedule;
    const endMs = Math.min(atMs, untilMs);
    let lastDueMs = Number.NEGATIVE_INFINITY;
    const from = this.#taken ?? { seq: firstSeq, count: this.#isPoisson ? this.#gap(firstSeq) : 0 };
    this.#seq = from.seq;
    this.#count = from.count;
    this.#dueMs = this.#dueAt(this.#count);
    while (this.#dueMs < endMs) {
      lastDueMs = this.#dueMs;
      this.#step();
    }
    return { nextSeq: this.#seq, lastDueMs };
  }

  #seekOwn(): void {
    const { index, of } = this.#schedule.share;
    if (of > 1) while (this.#seq % of !== index && this.#dueMs < this.#schedule.untilMs) this.#step();
  }

  #step(): void {
    this.#seq += 1;
    this.#count += this.#isPoisson ? this.#gap(this.#seq) : 1;
    this.#dueMs = this.#dueAt(this.#count);
  }

  #dueAt(count: number): number {
    const { sinceMs, fromMs } = this.#schedule;
    if (count === 0) return fromMs;
    return sinceMs + this.#arrivals.timeOf(this.#countBefore + count);
  }

  /** Of a Poisson process with rate 1, by inversion. */
  #gap(seq: number): number {
    return -Math.log1p(-drawAt(this.#schedule.seed, seq, purpose.gap));
  }
}
