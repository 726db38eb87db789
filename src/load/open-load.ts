import type { Clock } from '../clock/clock.ts';
import { Pacer, type Schedule } from './pacer.ts';
import type { Continuation, Due, RunningLoad } from './running-load.ts';

export interface OpenLoadOptions {
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  readonly schedule: Schedule;
  readonly due: Due;
  /** Called at each time at which something may be due: what changes by then may end this load. */
  readonly turn: (nowMs: number) => void;
}

const longMs = 20;

/** An open model: requests are sent when they are due, whatever has become of those before them. */
export class OpenLoad implements RunningLoad {
  readonly #options: OpenLoadOptions;
  readonly #pacer: Pacer;
  readonly #ending = new AbortController();

  constructor(options: OpenLoadOptions) {
    this.#options = options;
    this.#pacer = new Pacer(options.schedule);
    void this.#pace();
  }

  end(atMs: number): Continuation {
    this.#takeWhile((dueMs) => dueMs < atMs);
    this.#ending.abort();
    return this.#pacer.end(atMs);
  }

  async #pace(): Promise<void> {
    const { clock, startMs, turn } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const nowMs = clock.now() - startMs;
      turn(nowMs);
      if (signal.aborted) return;
      this.#takeWhile((dueMs) => dueMs <= nowMs);
      const { nextMs } = this.#pacer;
      if (nextMs === Number.POSITIVE_INFINITY) return;
      // To listen to the signal costs more than to wake for nothing, if that is soon.
      const isLong = nextMs - nowMs > longMs;
      await clock.sleepUntil(startMs + nextMs, isLong ? signal : undefined);
    }
  }

  #takeWhile(isDue: (dueMs: number) => boolean): void {
    const pacer = this.#pacer;
    while (isDue(pacer.nextMs)) {
      const { nextSeq, nextMs } = pacer;
      pacer.take();
      this.#options.due(nextSeq, nextMs);
    }
  }
}
