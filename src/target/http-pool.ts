import { buildConnector, Client } from 'undici';
import { noHttp2 } from './http-error.ts';
import { Exchange, type Question } from './http-exchange.ts';
import type { Asker } from './target.ts';
import type { TlsMaterial } from './tls.ts';

/** The connections to one node, made when they are needed. */
export interface HttpPool {
  send(question: Question, seq: number, timeoutMs: number, asker: Asker): void;
  close(): Promise<void>;
}

/**
 * Where the node does not say how long it keeps an idle connection, ours are closed after this long: less than the
 * shortest limit in common use (2 s), so that hardly a request goes out on a connection that the node is just closing.
 * Where that happens all the same the request fails, as it would for any client that does not retry.
 */
const idleLimitMs = 1500;

export interface ClientOptions {
  readonly tls: TlsMaterial;
  /** Set for HTTP/2: how many requests may be under way on one connection. */
  readonly streams?: number;
}

/** Of a connector; its types do not know them. */
const http2 = { allowH2: true, preferH2: true, useH2c: true } as const;

/** An undici client, and what cuts it off. */
export function createClient(origin: string, { tls, streams }: ClientOptions): CuttableClient {
  const cut = new AbortController();
  const connect = { ...tls, signal: cut.signal, timeout: 0 };
  const client = new Client(origin, {
    keepAliveTimeout: idleLimitMs,
    // The deadline is more exact than these. Only the signal ends an attempt to connect that hangs.
    connectTimeout: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(streams === undefined
      ? { allowH2: false, connect }
      : {
          allowH2: true,
          h2Options: { maxConcurrentStreams: streams },
          connect: http2Only(buildConnector({ ...connect, ...http2 })),
        }),
  });
  return {
    client,
    cut() {
      const gone = client.destroy();
      cut.abort();
      return gone;
    },
  };
}

export interface CuttableClient {
  readonly client: Client;
  readonly cut: () => Promise<void>;
}

/** Takes no connection that does not speak HTTP/2: what was to be measured would be something else. */
function http2Only(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) callback(error, null);
      else if ('alpnProtocol' in socket && socket.alpnProtocol === 'h2') callback(null, socket);
      else {
        socket.destroy();
        callback(Object.assign(new Error('the node does not speak HTTP/2'), { code: noHttp2 }), null);
      }
    });
}

/**
 * HTTP/1.1: each connection carries one request at a time; if its socket is gone, the next request makes a new one. The
 * connection used last is used next, so that those beyond need fall idle and are closed.
 */
export class ConnectionPool implements HttpPool {
  readonly #connect: () => CuttableClient;
  readonly #free: Connection[] = [];
  readonly #all = new Set<Connection>();

  constructor(origin: string, tls: TlsMaterial) {
    this.#connect = () => createClient(origin, { tls });
  }

  send(question: Question, seq: number, timeoutMs: number, asker: Asker): void {
    const { exchange, client } = this.#free.pop() ?? this.#add();
    exchange.begin(client, question.requestAt(seq), question, timeoutMs, asker);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map(({ cut }) => cut()));
  }

  #add(): Connection {
    const exchange = new Exchange({
      settled: () => this.#free.push(connection),
      // The answer may still come, so the connection can carry no other request.
      abandoned: () => {
        this.#all.delete(connection);
        void connection.cut();
      },
    });
    const connection = { ...this.#connect(), exchange };
    this.#all.add(connection);
    return connection;
  }
}

interface Connection extends CuttableClient {
  readonly exchange: Exchange;
}
