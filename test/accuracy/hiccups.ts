import type { Hiccup } from '../../src/testing/scripted/noise.ts';

export interface Surroundings {
  /** A shift is over when requests were as usual for so long. */
  readonly holdSec: number;
  /** A shorter hiccup adds less than what counts as a shift. */
  readonly leastSec: number;
}

/**
 * From where to where requests were not as usual: a disturbance, and the hiccups of its weather that are so near that it is
 * not over, or not yet begun, while they last. What is told may begin, and end, with either.
 */
export function withHiccups(
  { fromSec, toSec }: Hiccup,
  hiccups: readonly Hiccup[],
  { holdSec, leastSec }: Surroundings,
): Hiccup {
  const long = hiccups.filter((each) => each.toSec - each.fromSec > leastSec);
  const latestSec = long.reduce(
    (latest, each) => (each.fromSec < latest + holdSec ? Math.max(latest, each.toSec) : latest),
    toSec,
  );
  const earliestSec = long.reduceRight(
    (earliest, each) => (each.toSec > earliest - holdSec ? Math.min(earliest, each.fromSec) : earliest),
    fromSec,
  );
  return { fromSec: earliestSec, toSec: latestSec };
}
