import { Agent, Client, type Dispatcher, interceptors, request } from 'undici';
import type { HttpWorkload } from '../model/config.ts';
import { KeptText } from '../model/kept-text.ts';
import type { NodeSpec } from '../model/node.ts';
import type { HttpProbe } from '../model/probe.ts';
import type { Reply } from '../model/record.ts';
import { Deadline } from './deadline.ts';
import { httpErrorCode } from './http-error.ts';
import { type Connection, type ConnectionEvents, ConnectionPool } from './http-pool.ts';
import { expectedStatuses, type HttpRequest, probeRequest, requestOf, requestsOf } from './http-request.ts';
import { failed, succeeded, timedOut } from './reply.ts';
import type { Operation, Target } from './target.ts';

export interface HttpTargetOptions {
  readonly workload: HttpWorkload;
}

/**
 * HTTP/1.1 load over kept-alive connections, each carrying one request at a time: there are as many connections to a
 * node as requests were ever in flight to it, so whoever bounds the latter bounds both. No request is retried and no
 * redirect followed; an answer counts once its body has been read to the end. Statuses other than the expected ones
 * fail with `http_503` and the like, a body without what is expected in it with `unexpected_body`; the other codes are
 * listed at `httpErrorCode`.
 *
 * Throws an OrchError if the workload's headers cannot be sent.
 */
export function createHttpTarget({ workload }: HttpTargetOptions): Target {
  const requestTo = requestsOf(workload);
  const isExpected = expectedStatuses(workload.expected_status);
  const inBody = workload.expected_body === undefined ? null : new RegExp(workload.expected_body, 'u');
  const expected = { isExpected, inBody };
  // One operation, whatever its query: that may carry a token, and names are written to every row.
  const [path] = workload.path.split('?');
  const operation: Operation = { name: `${workload.method} ${path}`, index: 0 };
  const nodes = new Map<string, ConnectionPool>();
  let closed = false;

  function poolOf(url: string): ConnectionPool {
    const known = nodes.get(url);
    if (known !== undefined) return known;
    const request = requestTo(url);
    const pool = new ConnectionPool((events) => new HttpConnection(request, expected, events));
    nodes.set(url, pool);
    return pool;
  }

  return {
    kind: 'http',
    operation: () => operation,
    // Connections are made when they are needed; what that costs is part of the requests that need them.
    open: () => Promise.resolve(),
    invoke: (node, _operation, timeoutMs) =>
      closed ? Promise.resolve(failed('not_connected')) : poolOf(node.url).send(timeoutMs),
    probe,
    async close() {
      closed = true;
      await Promise.all([...nodes.values()].map((pool) => pool.close()));
    },
  };
}

async function probe(node: NodeSpec, timeoutMs: number): Promise<boolean> {
  const request = probeRequest(node.url);
  const pool = new ConnectionPool((events) => new HttpConnection(request, anyAnswer, events));
  const { status } = await pool.send(timeoutMs);
  await pool.close();
  return status !== 0;
}

/**
 * Where the node does not say how long it keeps an idle connection, ours are closed after this long: less than the
 * shortest limit in common use (2 s), so that hardly a request goes out on a connection that the node is just closing.
 * Where that happens all the same the request fails, as it would for any client that does not retry.
 */
const idleLimitMs = 1500;

/** What makes an answer a good one. */
interface Expected {
  /** By its status. */
  readonly isExpected: readonly boolean[];
  /** Found in its body; null where that is not looked at. */
  readonly inBody: RegExp | null;
}

const anyAnswer: Expected = { isExpected: [], inBody: null };

/** One connection, which is also the handler of its one request at a time. */
class HttpConnection implements Connection, Dispatcher.DispatchHandler {
  readonly #client: Client;
  readonly #cut = new AbortController();
  readonly #request: Dispatcher.DispatchOptions;
  readonly #expected: Expected;
  readonly #events: ConnectionEvents;
  readonly #deadline = new Deadline(() => this.#abandon());
  #resolve: ((reply: Reply) => void) | undefined;
  #status = 0;
  #body: KeptText | undefined;

  constructor(request: HttpRequest, expected: Expected, events: ConnectionEvents) {
    this.#client = new Client(request.origin, {
      allowH2: false,
      keepAliveTimeout: idleLimitMs,
      // The deadline is more exact than these. Only the signal ends an attempt to connect that hangs.
      connectTimeout: 0,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { signal: this.#cut.signal },
    });
    // undici closes a connection after HEAD unless told not to.
    this.#request = { ...request, reset: false };
    this.#expected = expected;
    this.#events = events;
  }

  send(timeoutMs: number): Promise<Reply> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#status = 0;
      this.#body = this.#expected.inBody === null ? undefined : new KeptText();
      this.#deadline.start(timeoutMs);
      this.#client.dispatch(this.#request, this);
    });
  }

  close(): Promise<void> {
    const gone = this.#client.destroy();
    this.#cut.abort();
    return gone;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status >= 200) this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.add(chunk);
  }

  onResponseEnd(): void {
    const status = this.#status;
    const { isExpected, inBody } = this.#expected;
    if (isExpected[status] !== true) this.#settle(failed(`http_${status}`, status));
    else if (inBody?.test(String(this.#body)) === false) this.#settle(failed('unexpected_body', status));
    else this.#settle(succeeded(status));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle(failed(httpErrorCode(error), this.#status));
  }

  #settle(reply: Reply): void {
    const resolve = this.#resolve;
    // After it was abandoned, undici still reports the end that this made.
    if (resolve === undefined) return;
    this.#resolve = undefined;
    this.#deadline.stop();
    this.#events.free();
    resolve(reply);
  }

  /** The answer may still come, so the connection can carry no other request. */
  #abandon(): void {
    this.#resolve?.(timedOut(this.#status));
    this.#resolve = undefined;
    this.#events.dead();
    void this.close();
  }
}

const maxRedirections = 5;

/** An answer of which something is to be seen. */
export interface HttpAnswer {
  readonly status: number;
  /** By name in small letters; of several with one name the values are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read as UTF-8. */
  readonly body: string;
  /** Whether the body had more than is kept. */
  readonly isCut: boolean;
}

/**
 * The answer to one request, on a connection of its own. Rejects with undici's error, or with one about the signal.
 */
export async function askHttp(question: HttpProbe, signal: AbortSignal): Promise<HttpAnswer> {
  const connect = { rejectUnauthorized: question.verifyTls, signal };
  const agent = new Agent({ allowH2: false, connectTimeout: 0, headersTimeout: 0, bodyTimeout: 0, connect });
  const dispatcher = question.followRedirects
    ? agent.compose(interceptors.redirect({ maxRedirections }))
    : agent;
  try {
    const { origin, ...rest } = requestOf(question);
    const { statusCode, headers, body } = await request(origin, { ...rest, dispatcher, signal });
    const kept = new KeptText();
    for await (const chunk of body) if (!kept.add(chunk)) break;
    return { status: statusCode, headers: joined(headers), body: kept.toString(), isCut: kept.isCut };
  } finally {
    // What it still waits for (a connection, the rest of a body) is of no more use.
    void agent.destroy();
  }
}

function joined(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, values = '']) => [name, [values].flat().join(', ')]),
  );
}
