import { systemClock } from '../clock/system.ts';
import type { Effect, Toxic, ToxicOf } from './toxic.ts';

const leastSegmentBytes = 1460;
/** The depth of the bucket, as the time that it takes to fill: late timers lose no rate to it. */
const burstMs = 20;

/**
 * A token bucket on what the node sends, all its connections together. It is kept as the moment at which the line is
 * free again (a virtual clock, as in the generic cell rate algorithm, ITU-T I.371): each segment leaves when those before
 * it have, and it has itself.
 */
export function bandwidth({ rate_kbit }: ToxicOf<'bandwidth'>): Toxic {
  const bytesPerMs = rate_kbit / 8;
  let freeMs = Number.NEGATIVE_INFINITY;
  const effect: Effect = {
    segmentBytes: Math.max(leastSegmentBytes, Math.ceil(bytesPerMs)),
    turnMs(direction, bytes) {
      if (direction === 'in') return 0;
      const nowMs = systemClock.now();
      freeMs = Math.max(freeMs, nowMs - burstMs) + bytes / bytesPerMs;
      return Math.max(0, freeMs - nowMs);
    },
  };
  return () => effect;
}
