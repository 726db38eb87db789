import { distance } from 'fastest-levenshtein';

/** The word that was probably meant, where one is near: at most that share of its letters is wrong, or one. */
export function nearest(word: string, known: readonly string[], wrongShare = 1 / 3): string | undefined {
  const [found] = known
    .map((one) => ({ one, slips: slipsBetween(word.toLowerCase(), one.toLowerCase()) }))
    .toSorted((a, b) => a.slips - b.slips);
  if (found === undefined) return undefined;
  return found.slips <= Math.max(1, Math.floor(found.one.length * wrongShare)) ? found.one : undefined;
}

/** As many letters as are wrong; two neighbours that changed places are one slip. */
function slipsBetween(word: string, other: string): number {
  const at = word.split('').findIndex((letter, place) => letter !== other[place]);
  const swapped = [word.slice(0, at), word[at + 1], word[at], word.slice(at + 2)].join('');
  return at >= 0 && swapped === other ? 1 : distance(word, other);
}
