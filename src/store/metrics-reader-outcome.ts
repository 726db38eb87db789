import { type Outcome, outcomes } from '../model/record.ts';
import { mayEnd } from './csv-bytes.ts';

/** The words of the `outcome` column, by the number of the outcome. */
export const outcomeWords = outcomes.map((outcome) => Buffer.from(outcome));

const timeout = /time[sd]?[ _-]?out|deadline exceeded/i;

/**
 * What a row without a usable `outcome` column says became of its request. An HTTP status from 400 up is a failure even
 * where `error` is empty; an error that names a timeout is unknown, since the node may have done the work.
 */
export function outcomeOf(error: string, status: number): Outcome {
  const code = error.trim();
  if (code === '') return status >= 400 ? 'fail' : 'ok';
  if (code.toLowerCase() === 'dropped') return 'dropped';
  return timeout.test(code) ? 'unknown' : 'fail';
}

/** The number of the outcome whose word stands at `start`; −1 where none does. No two begin alike. */
export function outcomeAt(bytes: Uint8Array, start: number): number {
  const first = bytes[start]!;
  let number = 0;
  while (number < outcomeWords.length && outcomeWords[number]![0] !== first) number += 1;
  if (number === outcomeWords.length) return -1;
  const word = outcomeWords[number]!;
  for (let at = 1; at < word.length; at += 1) {
    if (bytes[start + at] !== word[at]) return -1;
  }
  return mayEnd(bytes[start + word.length]!) ? number : -1;
}
