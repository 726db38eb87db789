import type { Facts } from './facts.ts';
import { unfoundedNumbers } from './grounding.ts';

/** A text may be this much longer than asked for: models count badly. */
const lengthGrace = 1.2;
/** Far more than any prose has; a text without blanks must not pass for one word. */
const mostLettersPerWord = 20;

/** What is wrong with a model's text, as the end of a sentence; null where it may be used. */
export function problemWith(text: string, facts: Facts, maxWords: number): string | null {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;
  if (words === 0) return 'the text is empty';
  const isTooLong =
    words > maxWords * lengthGrace || text.length > maxWords * lengthGrace * mostLettersPerWord;
  if (isTooLong) return `the text is longer than ${maxWords} words`;
  const unfounded = unfoundedNumbers(text, facts);
  if (unfounded.length === 0) return null;
  return `these are not in the facts: ${unfounded.slice(0, 10).join('; ')}`;
}
