import type { Effect, Toxic, ToxicOf } from './toxic.ts';

const silence: Effect = { silent: ['in', 'out'] };

/**
 * A share of the connections, of those that are open as of those that are made later, falls silent both ways and stays
 * open. What was held flows once the black hole is gone, as with a partition.
 */
export function blackHole({ share }: ToxicOf<'black_hole'>): Toxic {
  return ({ draws, counters }) => {
    if (draws()() >= share) return null;
    counters.connectionsSilenced += 1;
    return silence;
  };
}
