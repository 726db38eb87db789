/** The only notion of time there is: commands, the coordinator and the load agent are handed one. */
export interface Clock {
  /** Monotonic milliseconds with fraction, from an arbitrary zero. */
  now(): number;
  /** Unix milliseconds with fraction. May step. */
  wall(): number;
  /** Resolves at or just after `atMs` on the monotonic clock, or as soon as the signal aborts. It never rejects. */
  sleepUntil(atMs: number, signal?: AbortSignal): Promise<void>;
}

/** Resolves after `durationMs`, or as soon as the signal aborts. */
export function sleep(clock: Clock, durationMs: number, signal?: AbortSignal): Promise<void> {
  return clock.sleepUntil(clock.now() + durationMs, signal);
}
