import { errnoOf } from '../model/errors.ts';
import { type ErrorName, isInCapitals } from '../model/request-error.ts';

/**
 * The short code of an error of the connection itself: the system's own name (`ECONNREFUSED`, `ECONNRESET`, `EPIPE`,
 * `EHOSTUNREACH`, `ENETUNREACH`, `ENOTFOUND`, `EAI_AGAIN`, `ETIMEDOUT`, `EMFILE` …), or `tls_error` where the peers
 * could not agree on encryption or a certificate was not accepted. Undefined where the error is of another kind.
 */
export function connectionErrorCode(error: unknown): ErrorName | undefined {
  const code = errnoOf(error);
  if (code === undefined) return undefined;
  if (/CERT|TLS|SSL|LEAF_SIGNATURE|EPROTO/.test(code)) return 'tls_error';
  return /^E(AI_)?[A-Z0-9]+$/.test(code) && isInCapitals(code) ? code : undefined;
}
