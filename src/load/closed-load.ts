import { type Clock, sleep } from '../clock/clock.ts';
import type { ClosedDemand } from '../model/demand.ts';
import type { Share } from './pacer.ts';
import type { Answered } from './request.ts';
import type { Continuation, RunningLoad } from './running-load.ts';

export interface ClosedLoadOptions {
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  readonly demand: ClosedDemand;
  /** When its users begin, in milliseconds of the run. */
  readonly fromMs: number;
  /** None asks at or after this. */
  readonly untilMs: number;
  readonly firstSeq: number;
  /** Of several who work through one load, this one has each user whose number is `index` modulo `of`. */
  readonly share: Share;
  /** Called before a request is sent: what changes by then may end this load. */
  readonly turn: (nowMs: number) => void;
  readonly ask: Ask;
}

/** Sends a request, and tells when its outcome is known. It is never known to be a good one before this returns. */
export type Ask = (seq: number, scheduledMs: number, answered: Answered) => void;

/**
 * A closed model: each user asks, waits for the outcome, thinks, and asks again. A request is due when its user is ready,
 * so that a node that stands still is asked less, and latency does not tell of it (coordinated omission).
 */
export class ClosedLoad implements RunningLoad {
  readonly #options: ClosedLoadOptions;
  readonly #ending = new AbortController();

  constructor(options: ClosedLoadOptions) {
    this.#options = options;
    const { demand, share } = options;
    for (let user = share.index; user < demand.vus; user += share.of) this.#user(user);
  }

  end(): Continuation {
    this.#ending.abort();
    // Each user has come to another number: what follows begins beyond all of them, and keeps no rhythm of theirs.
    const { firstSeq } = this.#options;
    return { nextSeq: firstSeq + numbersOfUsers, lastDueMs: Number.NEGATIVE_INFINITY, afterSeq: -1 };
  }

  #user(user: number): void {
    const { clock, startMs, demand, fromMs, untilMs, firstSeq, turn, ask } = this.#options;
    const { signal } = this.#ending;
    let seq = firstSeq + user;
    const askNext = (): void => {
      if (signal.aborted) return;
      const nowMs = clock.now() - startMs;
      turn(nowMs);
      if (nowMs >= untilMs || signal.aborted) return;
      const own = seq;
      seq += demand.vus;
      ask(own, nowMs, answered);
    };
    const answered = (wentWell: boolean): void => {
      const pauseMs = Math.max(demand.thinkMs, wentWell ? 0 : leastPauseMs);
      if (pauseMs > 0) void sleep(clock, pauseMs, signal).then(askNext);
      else askNext();
    };
    void clock.sleepUntil(startMs + fromMs, signal).then(askNext);
  }
}

/** A request may fail before any time has passed: nothing else would have its turn if its user asked again at once. */
const leastPauseMs = 1;
/** More requests than users send in a day. */
const numbersOfUsers = 2 ** 34;
