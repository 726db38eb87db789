import type { Outcome } from '../model/record.ts';

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
