import type { Judgeable } from './judgeable.ts';
import { ok } from './moments.ts';
import type { Band } from './profile.ts';

/** In so many of its half-seconds a shift has to show: a hiccup, or some of them, may be all that it is made of. */
const leastShare = 2 / 3;
const partSec = 0.5;

/** A shift of latencies: when, at which nodes (by number), and what it is a shift of. */
export interface LatencyShift {
  readonly startSec: number;
  readonly endSec: number;
  readonly isOf: (node: number) => boolean;
  readonly band: Band;
  /** How many successes are above the limit, at least, in a half-second in which it shows. */
  readonly share: number;
}

/** Whether it goes through most of its time. */
export function isPersistent({ moments }: Judgeable, shift: LatencyShift): boolean {
  const { startSec, endSec, isOf, band, share } = shift;
  const parts = Math.ceil((endSec - startSec) / partSec);
  const seen = new Uint32Array(parts);
  const above = new Uint32Array(parts);
  moments.each(startSec, endSec, (sec, node, outcome, latencyMs) => {
    if (outcome !== ok || !isOf(node)) return;
    const part = Math.min(Math.floor((sec - startSec) / partSec), parts - 1);
    seen[part]! += 1;
    if (latencyMs > band.limitMs) above[part]! += 1;
  });
  const busy = seen.filter((count) => count > 0).length;
  const showing = above.filter((count, part) => count > 0 && count >= seen[part]! * share).length;
  return showing >= busy * leastShare;
}
