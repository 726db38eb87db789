import type { Share } from './pacer.ts';

/** One's part of a whole number that several share: the parts differ by one at most, and add up. */
export function shareOf(whole: number, { index, of }: Share): number {
  return Math.floor(whole / of) + (index < whole % of ? 1 : 0);
}
