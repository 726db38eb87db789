import { type ErrorName, isInCapitals } from '../model/request-error.ts';
import { connectionErrorCode } from './error-code.ts';

/**
 * The short code of a failed Redis operation:
 *
 * - the first word of an error reply: `ERR`, `WRONGTYPE`, `READONLY`, `LOADING`, `NOAUTH`, `WRONGPASS`, `OOM` …
 * - what `connectionErrorCode` gives where no connection could be made: `ECONNREFUSED`, `ETIMEDOUT`, `tls_error` …
 * - `not_connected`: there is no connection, and why is not known
 * - `no_cluster`: a cluster was asked for, and the node is part of none
 * - `no_master`: the Sentinel does not answer, or names no master
 * - `connection_closed`: the connection was closed before the answer came
 * - `bad_response`: what came was not Redis
 */
export function redisErrorCode(error: unknown): ErrorName {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'ReplyError' && message.endsWith('cluster support disabled')) return 'no_cluster';
  if (name === 'ReplyError') {
    const [word = 'ERR'] = /^[A-Z][A-Z0-9]*(?= )/.exec(message) ?? [];
    return isInCapitals(word) ? word : 'ERR';
  }
  if (message.startsWith('Unknown RESP type')) return 'bad_response';
  if (message.startsWith('All sentinels are unreachable')) return 'no_master';
  if (message.startsWith("Stream isn't writeable")) return 'not_connected';
  if (error instanceof Error && 'lastNodeError' in error) return redisErrorCode(error.lastNodeError);
  return connectionErrorCode(error) ?? 'connection_closed';
}
