import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, send, sendMalformed, sendUnread } from './answer.ts';
import { parseWork, readBody } from './body.ts';

export interface DemoServiceOptions {
  readonly node: string;
  /** The shortest and the longest time that one piece of work takes, in milliseconds. */
  readonly workDelayMs: readonly [number, number];
}

export interface DemoService {
  /** Not listening yet. */
  readonly server: Server;
  /**
   * Stops accepting, ends idle connections and lets requests in flight finish, for at most `limitMs`. Resolves once
   * every connection is closed, to the number of requests that had to be cut off.
   */
  drain(limitMs: number): Promise<number>;
}

type Handler = (body: Buffer) => Answer | Promise<Answer>;

const bodyLimitBytes = 1024 * 1024;
/** How long a connection in mid-request at the end of a drain has to become a request, which is then answered with 503. */
const lastWordMs = 500;

/** The HTTP node that the demo loads and breaks: `GET /health`, `POST /work`, `GET /state`. */
export function createDemoService({ node, workDelayMs }: DemoServiceOptions): DemoService {
  const startedMs = performance.now();
  let served = 0;
  let inFlight = 0;
  let draining = false;
  let onIdle = () => {};

  const health = (): Answer => ({ status: 200, body: { status: 'ok', node } });

  const state = (): Answer => ({
    status: 200,
    body: {
      node,
      uptime_sec: Math.round(performance.now() - startedMs) / 1000,
      requests_served: served,
      // Without the one that asks.
      in_flight: inFlight - 1,
      draining,
    },
  });

  const work = async (body: Buffer): Promise<Answer> => {
    const asked = parseWork(body);
    if ('problem' in asked) return refusal(400, asked.problem);
    const [shortestMs, longestMs] = workDelayMs;
    const delayMs = Math.round(shortestMs + Math.random() * (longestMs - shortestMs));
    await sleep(delayMs);
    return { status: 200, body: { node, payload: asked.payload, worked_ms: delayMs } };
  };

  const refusal = (status: number, error: string, headers: Record<string, string> = {}): Answer => ({
    status,
    body: { error, node },
    headers,
  });

  const routes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
    '/health': { GET: health, HEAD: health },
    '/state': { GET: state, HEAD: state },
    '/work': { POST: work },
  };

  const route = ({ method = '', url = '' }: IncomingMessage): Handler => {
    const [path = ''] = url.split('?');
    const methods = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (methods === undefined) {
      return () => refusal(404, `there is no ${path}; there are ${Object.keys(routes).join(', ')}`);
    }
    const allow = Object.keys(methods).join(', ');
    return methods[method] ?? (() => refusal(405, `${path} takes ${allow}, not ${method}`, { allow }));
  };

  const serve = async (request: IncomingMessage, response: ServerResponse, invite: () => void) => {
    const handler = draining ? () => refusal(503, 'this node is shutting down') : route(request);
    const body = await readBody(request, bodyLimitBytes, invite);
    if (body === undefined) {
      await sendUnread(request, response, refusal(413, `the body is longer than ${bodyLimitBytes} bytes`));
      return;
    }
    const answer = await handler(body);
    if (draining) response.setHeader('connection', 'close');
    served += 1;
    send(response, answer);
  };

  const accept = (request: IncomingMessage, response: ServerResponse, invite = () => {}) => {
    inFlight += 1;
    response.once('close', () => {
      inFlight -= 1;
      if (inFlight === 0) onIdle();
    });
    // The only failure is a client that went away in mid-body: there is nobody to answer.
    serve(request, response, invite).catch(() => response.destroy());
  };

  const server = createServer((request, response) => accept(request, response));
  // A body that will be refused is not asked for.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
    accept(request, response, () => response.writeContinue()),
  );
  server.on('clientError', sendMalformed);
  // Longer than any pause in a load, so that a client never sends on a connection that is just being closed.
  server.keepAliveTimeout = 65_000;

  const drain = async (limitMs: number): Promise<number> => {
    draining = true;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    const idle = new Promise<void>((resolve) => {
      onIdle = resolve;
      if (inFlight === 0) resolve();
    });
    await Promise.race([idle, sleep(limitMs, undefined, { ref: false })]);
    const cutOff = inFlight;
    if (cutOff === 0) await Promise.race([closed, sleep(lastWordMs, undefined, { ref: false })]);
    server.closeAllConnections();
    await closed;
    return cutOff;
  };

  return { server, drain };
}
