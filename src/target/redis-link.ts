import type { ErrorName } from '../model/request-error.ts';
import { redisEndpoint } from '../model/redis-endpoint.ts';
import { Deadline } from './deadline.ts';
import { type Cluster, type Redis, ReplyError } from './ioredis.ts';
import { attemptMs, lastingClient } from './redis-client.ts';
import type { Words } from './redis-commands.ts';
import { redisErrorCode } from './redis-error.ts';
import { RedisExchange } from './redis-exchange.ts';
import type { Link, LinkEvents } from './redis-links.ts';
import { type CarrierOf, wayOf } from './redis-way.ts';
import { failed } from './reply.ts';
import type { Asker } from './target.ts';

/** One connection, made again whenever it is lost, until it is closed. */
export class RedisLink implements Link {
  readonly tried: Promise<void>;
  readonly #redis: Redis | Cluster;
  readonly #events: LinkEvents;
  readonly #way: CarrierOf;
  readonly #free: RedisExchange[] = [];
  readonly #attempt = new Deadline(() => {
    this.#fault = 'ETIMEDOUT';
    this.#redis.disconnect(true);
  });
  /** What is wrong with the connection; empty if nothing is known to be. */
  #fault: ErrorName | '' = '';
  #pending = 0;
  #retired = false;

  constructor(url: string, events: LinkEvents) {
    this.#events = events;
    this.#redis = lastingClient(url);
    this.#way = wayOf(this.#redis);
    const behindSentinel = redisEndpoint(url).kind === 'sentinel';
    this.tried = new Promise((resolve) => {
      this.#redis.once('ready', resolve).once('close', resolve).once('error', resolve);
    });
    this.#redis
      .on('connect', () => {
        this.#fault = '';
      })
      // Sentinels are asked within bounds of their own, and would not be asked again.
      .on(behindSentinel ? 'connect' : 'connecting', () => this.#attempt.start(attemptMs))
      .on('ready', () => this.#attempt.stop())
      .on('close', () => this.#attempt.stop())
      .on('error', (error: unknown) => {
        this.#fault = redisErrorCode(error);
        // The node refused the password or the database, and would be used without it.
        if (error instanceof ReplyError) this.#redis.disconnect(true);
      });
  }

  send(commands: readonly Words[], timeoutMs: number, asker: Asker): void {
    if (this.#redis.status !== 'ready' || this.#fault !== '')
      return asker.settle(failed(this.#fault || 'not_connected'));
    this.#pending += 1;
    const exchange = this.#free.pop() ?? this.#add();
    exchange.begin(commands, timeoutMs, asker);
  }

  retire(): void {
    this.#retired = true;
    this.#closeIfDone();
  }

  close(): void {
    this.#attempt.stop();
    this.#redis.disconnect();
    this.#events.closed();
  }

  #closeIfDone(): void {
    if (this.#retired && this.#pending === 0) this.close();
  }

  #add(): RedisExchange {
    const exchange = new RedisExchange(this.#way, {
      settled: () => {
        this.#pending -= 1;
        this.#closeIfDone();
      },
      stalled: this.#events.stalled,
      free: () => this.#free.push(exchange),
    });
    return exchange;
  }
}
