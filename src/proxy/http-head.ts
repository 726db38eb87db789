import type { Framing } from './http-framer.ts';

/** What of a request’s head decides on what becomes of it. */
export interface RequestHead {
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly framing: Framing;
  /** The client waits for leave before it sends the body. */
  readonly waits: boolean;
  /** The client wants no other request on this connection. */
  readonly closes: boolean;
}

/** Reads a request’s head, with the end of its last line; null where it is no HTTP/1 request. */
export function requestHead(head: string): RequestHead | null {
  const [, method, target, minor] = /^(?:\r\n)*([^\s:]+) (\S+) HTTP\/1\.([01])\r\n/.exec(head) ?? [];
  if (method === undefined || target === undefined) return null;
  return {
    method,
    // A proxy’s form of a target names the host too: http://host/path.
    path: target.replace(/^https?:\/\/[^/?]*/i, '') || '/',
    framing: method === 'CONNECT' ? 0 : (lengthOf(head) ?? 0),
    waits: /^expect:[ \t]*100-continue/im.test(head),
    closes: minor === '0' ? !/^connection:.*keep-alive/im.test(head) : /^connection:.*\bclose\b/im.test(head),
  };
}

/** What of a response’s head says where it ends. */
export interface ResponseHead {
  readonly framing: Framing;
  /** It is only a word in between (1xx): the answer is still to come. */
  readonly isInterim: boolean;
}

/** @param method Of the request that it answers. */
export function responseHead(head: string, method: string): ResponseHead {
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
  const isInterim = status >= 100 && status < 200 && status !== 101;
  return { framing: responseFraming(head, status, method), isInterim };
}

function responseFraming(head: string, status: number, method: string): Framing {
  if (Number.isNaN(status) || status === 101) return 'opaque';
  if (method === 'CONNECT' && status >= 200 && status < 300) return 'opaque';
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD') return 0;
  return lengthOf(head) ?? 'until_close';
}

function lengthOf(head: string): Framing | null {
  if (/^transfer-encoding:.*\bchunked[ \t]*\r$/im.test(head)) return 'chunked';
  const length = /^content-length:[ \t]*(\d+)[ \t]*\r$/im.exec(head)?.[1];
  return length === undefined ? null : Number(length);
}
