import type { Clock } from './clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock that moves only when told to: a run of hours passes in milliseconds, and the same way each time. */
export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #wallOffsetMs: number;
  #sleepers: Sleeper[] = [];

  constructor(startMs = 0, wallAtStartMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
    this.#wallOffsetMs = wallAtStartMs - startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  wall(): number {
    return this.#nowMs + this.#wallOffsetMs;
  }

  sleepUntil(atMs: number, signal?: AbortSignal): Promise<void> {
    if (atMs <= this.#nowMs || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper: Sleeper = { atMs, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Moves time forward, waking sleepers in the order of their times and letting what they start run in between. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    await settle();
    for (;;) {
      const next = this.#earliest();
      if (next === undefined || next.atMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
      await settle();
    }
    this.#nowMs = endMs;
  }

  /** Lets time pass in which nobody wakes, as for a process that is stopped or a machine that is suspended. */
  freeze(forMs: number): void {
    this.#nowMs += forMs;
  }

  /** Advances until the promise has settled, at most `limitMs`; then fails, so that a test cannot hang. */
  async run<T>(promise: Promise<T>, limitMs = 86_400_000): Promise<T> {
    const state = { settled: false };
    const watched = promise.finally(() => {
      state.settled = true;
    });
    // It is awaited below; this only keeps a rejection during the loop from being called unhandled.
    watched.catch(() => {});
    const endMs = this.#nowMs + limitMs;
    await settle();
    while (!state.settled) {
      const next = this.#earliest();
      if (next === undefined) throw new Error('virtual clock: everything waits, and nothing waits for time');
      if (next.atMs > endMs) throw new Error(`virtual clock: not finished after ${limitMs} ms`);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
      await settle();
    }
    return watched;
  }

  #earliest(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers)
      if (first === undefined || sleeper.atMs < first.atMs) first = sleeper;
    return first;
  }
}

/** Lets every promise reaction that is ready run: setImmediate comes after all microtasks. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
