import { STATUS_CODES } from 'node:http';
import { someRequests } from './http-fault.ts';
import type { Toxic, ToxicOf } from './toxic.ts';

/**
 * Requests that are answered in the node’s place: it never hears of them. It may close a connection on which it hears
 * nothing, as it would any that is idle; that is passed on.
 */
export function httpStatus(spec: ToxicOf<'http_status'>): Toxic {
  return someRequests(spec, { kind: 'status', status: spec.status });
}

/** The whole answer, with a short text as its body where method and status allow for one. */
export function answerOf(status: number, method: string, closes: boolean): Buffer {
  const reason = STATUS_CODES[status] ?? 'Unknown';
  const text = `${status} ${reason}, answered by a fault proxy\n`;
  const lines = [`HTTP/1.1 ${status} ${reason}`];
  if (closes) lines.push('connection: close');
  const hasBody = status !== 204 && status !== 304;
  if (hasBody) lines.push('content-type: text/plain; charset=utf-8', `content-length: ${text.length}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${hasBody && method !== 'HEAD' ? text : ''}`);
}
