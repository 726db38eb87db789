import type { Reply } from '../model/record.ts';
import { Deadline } from './deadline.ts';
import type { Words } from './redis-commands.ts';
import { redisErrorCode } from './redis-error.ts';
import type { Carrier, CarrierOf } from './redis-way.ts';
import { failed, succeeded, timedOut } from './reply.ts';
import type { Asker } from './target.ts';

export interface RedisExchangeEvents {
  /** There is an outcome. */
  readonly settled: () => void;
  /** The time is up: the outcome is known, but replies may still come. */
  readonly stalled: () => void;
  /** Nothing is to come any more: another operation can have its turn. */
  readonly free: () => void;
}

/** One operation at a time and its replies. It is ok when each of its commands was answered without an error. */
export class RedisExchange {
  readonly #way: CarrierOf;
  readonly #events: RedisExchangeEvents;
  readonly #carriers: Carrier[] = [];
  readonly #deadline = new Deadline(() => {
    this.#events.stalled();
    this.#settle(timedOut());
  });
  #asker: Asker | undefined;
  /** Replies that are still to come, whatever the outcome. */
  #awaited = 0;

  constructor(way: CarrierOf, events: RedisExchangeEvents) {
    this.#way = way;
    this.#events = events;
  }

  begin(commands: readonly Words[], timeoutMs: number, asker: Asker): void {
    this.#asker = asker;
    this.#awaited = commands.length;
    this.#deadline.start(timeoutMs);
    for (let place = 0; place < commands.length; place += 1) {
      const carry = (this.#carriers[place] ??= this.#way(this.#answered, this.#refused));
      carry(commands[place]!);
    }
  }

  readonly #answered = (): void => {
    this.#awaited -= 1;
    if (this.#awaited > 0) return;
    this.#events.free();
    this.#settle(succeeded(0));
  };

  readonly #refused = (error: Error): void => {
    this.#awaited -= 1;
    if (this.#awaited === 0) this.#events.free();
    this.#settle(failed(redisErrorCode(error)));
  };

  #settle(reply: Reply): void {
    const asker = this.#asker;
    // After a timeout or an error, the other replies change nothing.
    if (asker === undefined) return;
    this.#asker = undefined;
    this.#deadline.stop();
    this.#events.settled();
    asker.settle(reply);
  }
}
