import type { HttpProbe } from '../model/probe.ts';
import { traceparentOf } from '../model/trace-context.ts';
import type { HttpRequestSpec } from '../model/workload.ts';
import { type Fill, type FillOptions, joined, Templates } from './templates.ts';

/** Everything about a node's requests that is the same for each of them, so that it is worked out once. */
export interface HttpRequest {
  readonly origin: string;
  readonly method: HttpRequestSpec['method'];
  readonly path: string;
  /** Name, value, name, value … */
  readonly headers: string[];
  readonly body: Buffer | null;
  /** Whether the connection is closed after it. Said even where it is not: of itself, undici closes one after HEAD. */
  readonly reset: boolean;
}

export interface RequestOptions extends FillOptions {
  readonly keepAlive: boolean;
  /** The run's half of the traces that requests belong to; null where they have none. */
  readonly traces?: string | null;
}

/** A node's request with a number: always the same one, unless something is filled in. */
export type RequestAt = (seq: number) => HttpRequest;

/**
 * The requests of one kind to the node at a URL, whose base path comes before their path and whose user and password become
 * basic authentication. Throws an OrchError if what is filled in is not there.
 */
export function requestsOf(spec: HttpRequestSpec, options: RequestOptions): (url: string) => RequestAt {
  const { method } = spec;
  const { keepAlive, traces = null, ...filling } = options;
  const templates = new Templates(filling);
  const path = templates.compile(spec.path, encodeURIComponent);
  const headers = new Headers(spec.headers);
  const body = encodeBody(spec.body, templates);
  if (body !== null) tellJson(headers, spec.body);
  // Its own trace comes before one that stands in the config, which would be that of every request.
  if (traces !== null) headers.delete('traceparent');
  const filledHeaders = [...headers].map(([name, value]) => [name, templates.compile(value)] as const);
  return (url) => {
    const node = new URL(url);
    const own = filledHeaders.map(([name, value]) => [name, value] as const);
    if (node.username !== '' && !headers.has('authorization')) own.push(['authorization', basic(node)]);
    if (traces !== null) own.push(['traceparent', (seq) => traceparentOf(traces, seq)]);
    const pathAt = pathsBelow(node, path);
    const requestAt: RequestAt = (seq) => ({
      origin: node.origin,
      method,
      path: pathAt(seq),
      headers: own.flatMap(([name, value]) => [name, textAt(value, seq)]),
      body: typeof body === 'function' ? Buffer.from(body(seq, 0)) : body,
      reset: !keepAlive,
    });
    if ([path, body, ...own.map(([, value]) => value)].some((one) => typeof one === 'function'))
      return requestAt;
    const always = requestAt(0);
    return () => always;
  };
}

function textAt(text: string | Fill, seq: number): string {
  return typeof text === 'string' ? text : text(seq, 0);
}

/** What stands in a path as it is gets the form that URLs have; what is filled in has it already. */
function pathsBelow(node: URL, path: string | Fill): (seq: number) => string {
  const base = node.origin + basePath(node);
  const inForm = (text: string): string => {
    const { pathname, search } = new URL(base + text);
    return pathname + search;
  };
  if (typeof path === 'function') return (seq) => inForm(path(seq, 0));
  const always = inForm(path);
  return () => always;
}

/** The least that any HTTP node has an answer to, and no work for it: GET of its base path. */
export function probeRequest(url: string): HttpRequest {
  const node = new URL(url);
  return {
    origin: node.origin,
    method: 'GET',
    path: `${basePath(node)}/`,
    headers: [],
    body: null,
    reset: false,
  };
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
    reset: false,
  };
}

/** For each status whether it is expected, by the numbers and classes (`2xx`) of `expected_status`. */
export function expectedStatuses(expected: HttpRequestSpec['expected_status']): readonly boolean[] {
  return Array.from({ length: 600 }, (_, status) =>
    expected.some((each) => each === status || each === `${Math.floor(status / 100)}xx`),
  );
}

function encodeBody(body: HttpRequestSpec['body'], templates: Templates): Buffer | Fill | null {
  if (body === null) return null;
  const text = typeof body === 'string' ? templates.compile(body) : jsonOf(body, templates);
  return typeof text === 'string' ? Buffer.from(text) : text;
}

/** JSON in which texts may be filled in. One that is nothing but a number’s template becomes a number. */
function jsonOf(value: unknown, templates: Templates): string | Fill {
  if (typeof value === 'string') {
    if (/^\{\{\s*(seq\s*|random\s[^{}]*)\}\}$/.test(value)) return templates.compile(value);
    const inText = (text: string) => JSON.stringify(text).slice(1, -1);
    const text = templates.compile(value, inText, inText);
    return joined(['"', text, '"']);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value))
    return joined(['[', ...between(value.map((one) => [jsonOf(one, templates)])), ']']);
  const fields = Object.entries(value).map(([key, one]) => [
    `${JSON.stringify(key)}:`,
    jsonOf(one, templates),
  ]);
  return joined(['{', ...between(fields), '}']);
}

/** Lists as one, with a comma between each and the next. */
function between(lists: readonly (readonly (string | Fill)[])[]): readonly (string | Fill)[] {
  return lists.flatMap((list, index) => (index === 0 ? list : [',', ...list]));
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
