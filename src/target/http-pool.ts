import type { Reply } from '../model/record.ts';

/** A connection to a node that carries one request at a time. If its socket is gone, the next request makes a new one. */
export interface Connection {
  send(timeoutMs: number): Promise<Reply>;
  close(): Promise<void>;
}

export interface ConnectionEvents {
  /** It can carry the next request. */
  readonly free: () => void;
  /** It is of no more use. */
  readonly dead: () => void;
}

/** The connections to one node. The one used last is used next, so that those beyond need fall idle and are closed. */
export class ConnectionPool {
  readonly #connect: (events: ConnectionEvents) => Connection;
  readonly #free: Connection[] = [];
  readonly #all = new Set<Connection>();

  constructor(connect: (events: ConnectionEvents) => Connection) {
    this.#connect = connect;
  }

  send(timeoutMs: number): Promise<Reply> {
    return (this.#free.pop() ?? this.#add()).send(timeoutMs);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }

  #add(): Connection {
    const connection = this.#connect({
      free: () => this.#free.push(connection),
      dead: () => this.#all.delete(connection),
    });
    this.#all.add(connection);
    return connection;
  }
}
