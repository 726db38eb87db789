import type { Words } from './redis-commands.ts';
import type { Asker } from './target.ts';

/** One connection to a node, made again whenever it is lost, until it is closed. */
export interface Link {
  /** Resolves when it has been connected, or has failed to, for the first time. */
  readonly tried: Promise<void>;
  send(commands: readonly Words[], timeoutMs: number, asker: Asker): void;
  /** To be closed as soon as nothing is in flight on it. */
  retire(): void;
  close(): void;
}

export interface LinkEvents {
  /** An operation had no answer in time. */
  readonly stalled: () => void;
  readonly closed: () => void;
}

/**
 * The connection to one node, and its replacement: an operation that timed out leaves commands on the connection that
 * may never be answered, so the next ones go to a new one, and nothing can pile up behind a frozen node. The old one
 * stays until all that was sent on it has an outcome.
 */
export class NodeLinks {
  readonly #connect: (events: LinkEvents) => Link;
  readonly #open = new Set<Link>();
  #current: Link;
  #replacing = false;

  constructor(connect: (events: LinkEvents) => Link) {
    this.#connect = connect;
    this.#current = this.#add();
  }

  get tried(): Promise<void> {
    return this.#current.tried;
  }

  send(commands: readonly Words[], timeoutMs: number, asker: Asker): void {
    this.#current.send(commands, timeoutMs, asker);
  }

  close(): void {
    for (const link of this.#open) link.close();
  }

  #add(): Link {
    const link = this.#connect({
      stalled: () => void this.#replace(link),
      closed: () => this.#open.delete(link),
    });
    this.#open.add(link);
    return link;
  }

  async #replace(stalled: Link): Promise<void> {
    if (stalled !== this.#current || this.#replacing) return;
    this.#replacing = true;
    const next = this.#add();
    await next.tried;
    this.#replacing = false;
    this.#current = next;
    stalled.retire();
  }
}
