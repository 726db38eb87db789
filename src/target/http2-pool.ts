import { Exchange, type Question } from './http-exchange.ts';
import { type ClientOptions, type CuttableClient, createClient } from './http-client.ts';
import type { HttpPool } from './http-pool.ts';
import type { Asker } from './target.ts';

/** One connection, and how many requests are under way on it. */
interface Session extends CuttableClient {
  pending: number;
  /** Those whose answer has come. */
  readonly free: Exchange[];
}

/**
 * HTTP/2: one connection carries all requests at once; those beyond the node’s own bound of streams wait for one of them to
 * end. After a timeout the next requests go to a new connection, so that nothing can pile up behind a frozen node; the old
 * one stays until all that was sent on it has an outcome.
 */
export class StreamPool implements HttpPool {
  readonly #origin: string;
  readonly #options: ClientOptions;
  readonly #all = new Set<Session>();
  #current: Session | undefined;

  constructor(origin: string, options: ClientOptions) {
    this.#origin = origin;
    this.#options = options;
  }

  send(question: Question, seq: number, timeoutMs: number, asker: Asker): void {
    const session = (this.#current ??= this.#add());
    session.pending += 1;
    const exchange = session.free.pop() ?? this.#exchangeOn(session);
    exchange.begin(session.client, question.requestAt(seq), question, timeoutMs, asker);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map(({ cut }) => cut()));
  }

  #add(): Session {
    const session = { ...createClient(this.#origin, this.#options), pending: 0, free: [] };
    this.#all.add(session);
    return session;
  }

  #exchangeOn(session: Session): Exchange {
    const exchange = new Exchange({
      settled: () => {
        session.free.push(exchange);
        this.#end(session);
      },
      // The answer may still come, so there can be no other request in its place.
      abandoned: () => {
        if (this.#current === session) this.#current = undefined;
        this.#end(session);
      },
    });
    return exchange;
  }

  #end(session: Session): void {
    session.pending -= 1;
    if (session.pending > 0 || session === this.#current) return;
    this.#all.delete(session);
    void session.cut();
  }
}
