import { errnoOf, messageOf } from '../model/errors.ts';
import type { ErrorName } from '../model/request-error.ts';
import { connectionErrorCode } from './error-code.ts';

/** The code of the error where a connection came to speak another version. */
export const noHttp2 = 'ORCH_NO_HTTP2';

/**
 * The short code of a failed HTTP exchange:
 *
 * - what `connectionErrorCode` gives: `ECONNREFUSED`, `ECONNRESET`, `ETIMEDOUT`, `ENOTFOUND`, `tls_error` …
 * - `connection_closed`: the node, or this target's own `close`, ended the connection before the answer was complete
 * - `bad_response`: what came was not HTTP, too long a header, or not as long as it said
 * - `no_http2`: HTTP/2 was asked for, and the node does not speak it
 * - `bad_request`: the workload cannot be sent, for example for a header that HTTP does not allow
 */
export function httpErrorCode(error: unknown): ErrorName {
  const code = errnoOf(error) ?? '';
  if (code === noHttp2) return 'no_http2';
  if (code === 'UND_ERR_SOCKET') {
    return messageOf(error).startsWith('bad ') ? 'bad_response' : 'connection_closed';
  }
  const notHttp = error instanceof Error && error.name === 'HTTPParserError';
  if (
    notHttp ||
    code === 'ERR_HTTP2_ERROR' ||
    code.startsWith('UND_ERR_RES') ||
    code === 'UND_ERR_HEADERS_OVERFLOW'
  )
    return 'bad_response';
  if (
    code.startsWith('UND_ERR_INVALID') ||
    code.startsWith('UND_ERR_REQ') ||
    code === 'UND_ERR_NOT_SUPPORTED'
  ) {
    return 'bad_request';
  }
  return connectionErrorCode(error) ?? 'connection_closed';
}
