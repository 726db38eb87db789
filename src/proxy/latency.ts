import type { Toxic, ToxicOf } from './toxic.ts';

/**
 * Holds all that the node sends for `latency_ms`, give or take up to `jitter_ms`, evenly spread. It is added once to a
 * round trip, on the way back; bytes keep their order, so one that is held for longer holds up those behind it. The
 * handshake is the kernel's, and is not delayed.
 */
export function latency({ latency_ms, jitter_ms }: ToxicOf<'latency'>): Toxic {
  return ({ draws }) => {
    const random = draws();
    return {
      delayMs: (direction) =>
        direction === 'in' ? 0 : Math.max(0, latency_ms + jitter_ms * (2 * random() - 1)),
    };
  };
}
