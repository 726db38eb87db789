import type { Socket } from 'node:net';
import { noHttp2 } from './http-error.ts';
import type { TlsMaterial } from './tls.ts';
import { buildConnector, Client } from './undici.ts';

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
  // The deadline is more exact than these.
  const patient = { connectTimeout: 0, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: idleLimitMs };
  const attempts = new Attempts(
    buildConnector({ ...tls, timeout: 0, ...(streams === undefined ? { allowH2: false } : http2) }),
  );
  const client = new Client(
    origin,
    streams === undefined
      ? { ...patient, allowH2: false, connect: attempts.connect }
      : {
          ...patient,
          allowH2: true,
          h2Options: { maxConcurrentStreams: streams },
          connect: http2Only(attempts.connect),
        },
  );
  return {
    client,
    cut() {
      const gone = client.destroy();
      attempts.cut();
      return gone;
    },
  };
}

/** What undici makes a connection with; its types do not tell that it returns the socket. */
type SocketConnector = (...parameters: Parameters<buildConnector.connector>) => Socket;

/**
 * Attempts to connect, which may hang until they are cut. A signal would do, but for what Node keeps of each connection that
 * was ever made with it, as long as there is that signal.
 */
class Attempts {
  readonly #connect: SocketConnector;
  readonly #sockets = new Set<Socket>();

  constructor(connect: buildConnector.connector) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.#connect = connect as SocketConnector;
  }

  readonly connect: buildConnector.connector = (options, callback) => {
    const socket = this.#connect(options, (...answer) => {
      this.#sockets.delete(socket);
      callback(...answer);
    });
    this.#sockets.add(socket);
  };

  cut(): void {
    for (const socket of this.#sockets) socket.destroy(new Error('the attempt to connect was cut'));
  }
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
