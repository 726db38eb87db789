import { type Clock, sleep } from '../clock/clock.ts';

export interface PollOptions {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly limitMs: number;
  /** Looks no further once it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * Looks again and again until something is seen, at most for `limitMs`; undefined if it never was.
 * A look that throws counts as nothing seen: the next one may succeed.
 */
export async function poll<T>(
  options: PollOptions,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const { clock, everyMs, limitMs, signal } = options;
  const endMs = clock.now() + limitMs;
  for (;;) {
    const seen = await look().catch(() => undefined);
    if (seen !== undefined) return seen;
    if (clock.now() >= endMs || signal?.aborted === true) return undefined;
    await sleep(clock, everyMs, signal);
  }
}

/** Fails with the message if the promise takes longer than `limitMs`: nothing that a driver does may hang a run. */
export async function within<T>(
  clock: Clock,
  limitMs: number,
  promise: Promise<T>,
  message: string,
): Promise<T> {
  const settled = new AbortController();
  const late = sleep(clock, limitMs, settled.signal).then(() => {
    if (!settled.signal.aborted) throw new Error(message);
    return promise;
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    settled.abort();
  }
}
