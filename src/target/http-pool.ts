import { type CuttableClient, createClient } from './http-client.ts';
import { Exchange, type Question } from './http-exchange.ts';
import type { Asker } from './target.ts';
import type { TlsMaterial } from './tls.ts';

/** The connections to one node, made when they are needed. */
export interface HttpPool {
  send(question: Question, seq: number, timeoutMs: number, asker: Asker): void;
  close(): Promise<void>;
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
