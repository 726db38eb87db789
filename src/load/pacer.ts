import type { OpenDemand } from '../model/demand.ts';
import { drawAt } from '../model/draw-at.ts';
import { type Arrivals, arrivalsOf } from './arrivals.ts';
import { purpose } from './purpose.ts';
import type { Continuation } from './running-load.ts';

export interface Schedule extends Pick<OpenDemand, 'rate' | 'arrivals'> {
  /** When its rate begins, in milliseconds of the run. */
  readonly sinceMs: number;
  /** Nothing is due before this, which is not before its rate begins; something is due just then, unless gaps are drawn. */
  readonly fromMs: number;
  /** Nothing is due at or after this. */
  readonly untilMs: number;
  /** The number of its first request. */
  readonly firstSeq: number;
  /** Requests up to this number were sent already, by the schedule before: they are not sent again. */
  readonly afterSeq: number;
  readonly seed: number;
  /** Of several who work through one schedule, this one takes each request whose number is `index` modulo `of`. */
  readonly share: Share;
}

export interface Share {
  readonly index: number;
  readonly of: number;
}

interface Mark {
  readonly seq: number;
  readonly count: number;
  readonly dueMs: number;
}

const markEvery = 1024;

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
  /** Requests from which the schedule can be gone through again, the first and every so many. */
  readonly #marks: Mark[];
  #lastTaken: number;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#arrivals = arrivalsOf(schedule.rate);
    this.#countBefore = this.#arrivals.countBy(schedule.fromMs - schedule.sinceMs);
    this.#isPoisson = schedule.arrivals === 'poisson';
    this.#seq = schedule.firstSeq;
    this.#count = this.#isPoisson ? this.#gap(this.#seq) : 0;
    this.#dueMs = this.#dueAt(this.#count);
    this.#marks = [{ seq: this.#seq, count: this.#count, dueMs: this.#dueMs }];
    this.#lastTaken = schedule.afterSeq;
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
    this.#lastTaken = this.#seq;
    this.#step();
    this.#seekOwn();
  }

  /** Ends the schedule at a time, also where requests were taken that were due after it. It is the same for all who share the work. */
  end(atMs: number): Continuation {
    const endMs = Math.min(atMs, this.#schedule.untilMs);
    const from = this.#marks.findLast(({ dueMs }) => dueMs < endMs) ?? this.#marks[0]!;
    this.#seq = from.seq;
    this.#count = from.count;
    this.#dueMs = from.dueMs;
    let lastDueMs = Number.NEGATIVE_INFINITY;
    while (this.#dueMs < endMs) {
      lastDueMs = this.#dueMs;
      this.#step();
    }
    return { nextSeq: this.#seq, lastDueMs, afterSeq: this.#lastTaken };
  }

  #seekOwn(): void {
    const { share, afterSeq, untilMs } = this.#schedule;
    const isOwn = () => this.#seq % share.of === share.index && this.#seq > afterSeq;
    while (!isOwn() && this.#dueMs < untilMs) this.#step();
  }

  #step(): void {
    this.#seq += 1;
    this.#count += this.#isPoisson ? this.#gap(this.#seq) : 1;
    this.#dueMs = this.#dueAt(this.#count);
    if (this.#seq % markEvery === 0 && this.#seq > this.#marks.at(-1)!.seq)
      this.#marks.push({ seq: this.#seq, count: this.#count, dueMs: this.#dueMs });
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
