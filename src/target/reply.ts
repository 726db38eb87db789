import type { Reply } from '../model/record.ts';
import type { ErrorName } from '../model/request-error.ts';

/** `status` is 0 where the protocol has none. */
export function succeeded(status: number): Reply {
  return { outcome: 'ok', status, error: '' };
}

export function failed(error: ErrorName, status = 0): Reply {
  return { outcome: 'fail', status, error };
}

/** No answer in time: the node may or may not have done the work. `status` is set where an answer had begun. */
export function timedOut(status = 0): Reply {
  return { outcome: 'unknown', status, error: 'timeout' };
}
