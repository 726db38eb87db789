import type { HttpWorkload } from '../model/config.ts';
import { messageOf, OrchError } from '../model/errors.ts';
import type { HttpProbe } from '../model/probe.ts';

/** Everything about a node's requests that is the same for each of them, so that it is worked out once. */
export interface HttpRequest {
  readonly origin: string;
  readonly method: HttpWorkload['method'];
  readonly path: string;
  /** Name, value, name, value … */
  readonly headers: string[];
  readonly body: Buffer | null;
}

/**
 * The workload's request to the node at a URL, whose base path comes before the workload's path and whose user and
 * password become basic authentication. Throws an OrchError if the workload's headers are not HTTP's.
 */
export function requestsOf(workload: HttpWorkload): (url: string) => HttpRequest {
  const { method, path } = workload;
  const body = encodeBody(workload);
  const headers = parseHeaders(workload.headers);
  if (body !== null) tellJson(headers, workload.body);
  return (url) => {
    const node = new URL(url);
    const joined = new URL(node.origin + basePath(node) + path);
    const own = new Headers(headers);
    if (node.username !== '' && !own.has('authorization')) own.set('authorization', basic(node));
    return {
      origin: node.origin,
      method,
      path: joined.pathname + joined.search,
      headers: [...own].flat(),
      body,
    };
  };
}

/** The least that any HTTP node has an answer to, and no work for it: GET of its base path. */
export function probeRequest(url: string): HttpRequest {
  const node = new URL(url);
  return { origin: node.origin, method: 'GET', path: `${basePath(node)}/`, headers: [], body: null };
}

/**
 * The request of a probe or an action; user and password in its URL become basic authentication.
 * Throws a TypeError if its headers are not HTTP's.
 */
export function requestOf({ url, method, headers, body }: HttpProbe): HttpRequest {
  const node = new URL(url);
  const own = new Headers(headers);
  if (body !== undefined) tellJson(own, body);
  if (node.username !== '' && !own.has('authorization')) own.set('authorization', basic(node));
  return {
    origin: node.origin,
    method,
    path: node.pathname + node.search,
    headers: [...own].flat(),
    body: body === undefined ? null : bytesOf(body),
  };
}

/** For each status whether it is expected, by the numbers and classes (`2xx`) of `expected_status`. */
export function expectedStatuses(expected: HttpWorkload['expected_status']): readonly boolean[] {
  return Array.from({ length: 600 }, (_, status) =>
    expected.some((each) => each === status || each === `${Math.floor(status / 100)}xx`),
  );
}

function parseHeaders(headers: HttpWorkload['headers']): Headers {
  try {
    return new Headers(headers);
  } catch (error) {
    throw new OrchError('yaml-invalid', `http_workload.headers: ${messageOf(error)}`, {
      hint: 'A name is letters, digits and hyphens, for example X-Request-Id; a value is one line of Latin text.',
      cause: error,
    });
  }
}

/** GET and HEAD carry none: it would mean nothing to a server, and a config that only sets the method still has the default body. */
function encodeBody({ method, body }: HttpWorkload): Buffer | null {
  if (body === null || method === 'GET' || method === 'HEAD') return null;
  return bytesOf(body);
}

function bytesOf(body: unknown): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A body that is no text goes out as JSON, and says so unless it says what it is already. */
function tellJson(headers: Headers, body: unknown): void {
  if (typeof body !== 'string' && !headers.has('content-type'))
    headers.set('content-type', 'application/json');
}

function basePath(node: URL): string {
  return node.pathname.replace(/\/+$/, '');
}

function basic(node: URL): string {
  const credentials = `${decodeURIComponent(node.username)}:${decodeURIComponent(node.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
