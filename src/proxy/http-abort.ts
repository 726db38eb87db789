import { someRequests } from './http-fault.ts';
import type { Toxic, ToxicOf } from './toxic.ts';

/**
 * Answers that break off: the headers come through and half of what was there of the body when it began, then the
 * connection is reset. Of an answer without a body, half of the headers come through.
 */
export function httpAbort(spec: ToxicOf<'http_abort'>): Toxic {
  return someRequests(spec, { kind: 'abort' });
}
