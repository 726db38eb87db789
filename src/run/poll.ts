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

/** What was asked was not answered in time: it may have been done all the same, or be done yet. */
export class NoAnswer extends Error {}

/** Fails with NoAnswer if the promise takes longer than `limitMs`: nothing that a driver does may hang a run. */
export async function within<T>(
  clock: Clock,
  limitMs: number,
  promise: Promise<T>,
  message: string,
): Promise<T> {
  const settled = new AbortController();
  const late = sleep(clock, limitMs, settled.signal).then(() => {
    if (!settled.signal.aborted) throw new NoAnswer(message);
    return promise;
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    settled.abort();
  }
}

/** Resolves once the signal aborts. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export interface CarryOutOptions<T> {
  readonly clock: Clock;
  readonly lookEveryMs: number;
  /** The order, under way; it must end by itself. */
  readonly order: Promise<void>;
  /** How long to look on after the order was accepted. */
  readonly effectMs: number;
  readonly look: () => Promise<T | undefined>;
  readonly signal?: AbortSignal;
}

export interface CarriedOut<T> {
  /** What was seen, as soon as it was: an engine may accept an order long after it took effect. Undefined if it never was. */
  readonly seen: T | undefined;
  /** Resolves when the order has ended; to its error where it failed. */
  readonly accepted: Promise<unknown>;
}

/** Looks for an effect while its order is being carried out, and for a while after. An order that fails ends the looking after one more look. */
export async function carryOut<T>(options: CarryOutOptions<T>): Promise<CarriedOut<T>> {
  const { clock, lookEveryMs, order, effectMs, look, signal } = options;
  const looking = new AbortController();
  const accepted = order.then(
    () => null,
    (error: unknown) => {
      looking.abort();
      return error;
    },
  );
  void accepted.then(() => sleep(clock, effectMs, looking.signal)).then(() => looking.abort());
  const end = signal === undefined ? looking.signal : AbortSignal.any([looking.signal, signal]);
  const seen = await poll(
    { clock, everyMs: lookEveryMs, limitMs: Number.POSITIVE_INFINITY, signal: end },
    look,
  );
  looking.abort();
  return { seen, accepted };
}
