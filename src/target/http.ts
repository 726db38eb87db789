import { KeptText } from '../model/kept-text.ts';
import type { HttpProbe } from '../model/probe.ts';
import type { HttpRequestSpec } from '../model/workload.ts';
import { Feeds, type FillSource } from './feed.ts';
import type { Question } from './http-exchange.ts';
import type { HttpPool } from './http-pool.ts';
import { probeHttp } from './http-probe.ts';
import {
  expectedStatuses,
  type RequestAt,
  type RequestOptions,
  requestOf,
  requestsOf,
} from './http-request.ts';
import { type HttpTransport, type HttpWorkloads, openPool, transportsOf } from './http-transport.ts';
import { Operations, type Weighted } from './operations.ts';
import { failed } from './reply.ts';
import type { Operation, Target } from './target.ts';
import { readTls } from './tls.ts';
import { Agent, type Dispatcher, interceptors, request } from './undici.ts';

/** Plain data, so that each thread can make its own. */
export interface HttpTargetOptions extends FillSource, HttpWorkloads {
  /** The most requests that are in flight at once. */
  readonly maxInFlight: number;
  /** The run's half of the traces that requests belong to; null where they have none. */
  readonly traces?: string | null;
}

/** One request of a workload's mix. */
interface HttpOperation extends Weighted {
  readonly workload: string | null;
  readonly requestsTo: (url: string) => RequestAt;
  readonly isExpected: readonly boolean[];
  readonly inBody: RegExp | null;
}

/**
 * HTTP load; each workload has connections of its own. Over HTTP/1.1 these are kept alive (unless told otherwise) and carry
 * one request at a time: there are as many to a node as requests were ever in flight to it, so whoever bounds the latter
 * bounds both. Over HTTP/2 there is one to each node. No request is retried and no redirect followed; an answer counts once
 * its body has been read to the end. Statuses other than the expected ones fail with `http_503` and the like, a body without
 * what is expected in it with `unexpected_body`; the other codes are listed at `httpErrorCode`.
 *
 * @throws OrchError where a file of a workload's TLS options or of a feed is not as it must be
 */
export function createHttpTarget({
  workload,
  workloads,
  maxInFlight,
  seed,
  feeds,
  traces = null,
}: HttpTargetOptions): Target {
  const operations = new Operations<HttpOperation>();
  const rows = new Feeds(feeds);
  const transports = transportsOf({ workload, workloads }, readTls);
  for (const [name, one] of [[null, workload] as const, ...Object.entries(workloads)]) {
    const { requests, keep_alive: keepAlive } = one;
    const made = requests.map((spec) => operationOf(name, spec, { seed, feeds: rows, keepAlive, traces }));
    operations.add(name, made);
  }
  const pools = new Map<string, HttpPool>();
  /** By operation and node. */
  const ways: Map<string, Way>[] = [];
  let closed = false;

  function transportOf(name: string | null): HttpTransport {
    const transport = transports.get(name);
    if (transport === undefined) throw new Error(`there is no workload ${name}`);
    return transport;
  }

  function wayTo(node: string, operation: Operation): Way {
    const known = (ways[operation.index] ??= new Map()).get(node);
    if (known !== undefined) return known;
    const { workload, requestsTo, isExpected, inBody } = operations.at(operation);
    const { origin } = new URL(node);
    const key = JSON.stringify([workload, origin]);
    const pool = pools.get(key) ?? openPool(origin, transportOf(workload), maxInFlight);
    pools.set(key, pool);
    const way = { pool, question: { requestAt: requestsTo(node), isExpected, inBody } };
    ways[operation.index]?.set(node, way);
    return way;
  }

  return {
    kind: 'http',
    operation: (pick, workload) => operations.pick(pick, workload),
    // Connections are made when they are needed; what that costs is part of the requests that need them.
    open: () => Promise.resolve(),
    invoke(node, operation, timeoutMs, seq, asker) {
      if (closed) return asker.settle(failed('not_connected'));
      const { pool, question } = wayTo(node.url, operation);
      pool.send(question, seq, timeoutMs, asker);
    },
    probe: (node, timeoutMs) => probeHttp(node, timeoutMs, transports.values()),
    async close() {
      closed = true;
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

/** How one operation goes to one node. */
interface Way {
  readonly pool: HttpPool;
  readonly question: Question;
}

function operationOf(workload: string | null, spec: HttpRequestSpec, options: RequestOptions): HttpOperation {
  // One operation, whatever its query: that may carry a token, and names are written to every row.
  const [path] = spec.path.split('?');
  return {
    workload,
    name: spec.name ?? `${spec.method} ${path}`,
    weight: spec.weight,
    requestsTo: requestsOf(spec, options),
    isExpected: expectedStatuses(spec.expected_status),
    inBody: spec.expected_body === undefined ? null : new RegExp(spec.expected_body, 'u'),
  };
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
