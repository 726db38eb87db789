import { closest, distance } from 'fastest-levenshtein';

/** The word that was probably meant, where one is near: at most that share of its letters is wrong, or one. */
export function nearest(word: string, known: readonly string[], wrongShare = 1 / 3): string | undefined {
  if (known.length === 0) return undefined;
  const found = closest(word, known);
  return distance(word, found) <= Math.max(1, Math.floor(found.length * wrongShare)) ? found : undefined;
}
