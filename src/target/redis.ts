import { Redis, ReplyError } from 'ioredis';
import type { RedisOperation } from '../model/config.ts';
import type { Json } from '../model/disturber.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';
import { Deadline } from './deadline.ts';
import { redisErrorCode } from './redis-error.ts';
import { type Link, type LinkEvents, NodeLinks } from './redis-links.ts';
import { redisMix, type Words } from './redis-mix.ts';
import { type RoleAnswer, roleOf } from './redis-role.ts';
import { failed, succeeded, timedOut } from './reply.ts';
import type { Target } from './target.ts';

export interface RedisTargetOptions {
  readonly operations: readonly RedisOperation[];
}

/**
 * Redis load over one connection to each node. An operation's commands go out in one write and are carried out in
 * order, though not as a transaction; it is ok when each was answered without an error. Nothing is queued and nothing
 * is sent twice: without a connection an operation fails at once, and connecting is tried again all the time.
 * The codes of failures are listed at `redisErrorCode`.
 *
 * Throws an OrchError if a command cannot be split into words.
 */
export function createRedisTarget({ operations }: RedisTargetOptions): Target {
  const mix = redisMix(operations);
  const nodes = new Map<string, NodeLinks>();
  let closed = false;

  function linksTo(url: string): NodeLinks {
    const known = nodes.get(url);
    if (known !== undefined) return known;
    const links = new NodeLinks((events) => new RedisLink(url, events));
    nodes.set(url, links);
    return links;
  }

  return {
    kind: 'redis',
    operation: (pick) => mix.operation(pick),
    async open(specs) {
      if (!closed) await Promise.all(specs.map(({ url }) => linksTo(url).tried));
    },
    invoke: (node, operation, timeoutMs) =>
      closed
        ? Promise.resolve(failed('not_connected'))
        : linksTo(node.url).send(mix.commands(operation), timeoutMs),
    probe,
    close() {
      closed = true;
      for (const links of nodes.values()) links.close();
      return Promise.resolve();
    },
  };
}

/** The pause between attempts to connect. It is steady, so that a node is found soon after it has come back. */
const retryMs = 200;
/** An attempt to connect that takes longer, logging in included, is given up and begun anew. */
const attemptMs = 2000;

const connectionOptions = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // A node that is loading its data says so itself, as an error.
  enableReadyCheck: false,
  protocol: 2,
  disableClientInfo: true,
  retryStrategy: () => retryMs,
  connectTimeout: 0,
  // A frozen node never answers a polite goodbye, so its connection is cut at once.
  disconnectTimeout: 0,
} as const;

/** For a question of its own: what is asked waits for the connection, which is tried once. */
const oneAttempt = { ...connectionOptions, enableOfflineQueue: true, retryStrategy: () => null } as const;

/** One connection, made again whenever it is lost, until it is closed. */
class RedisLink implements Link {
  readonly tried: Promise<void>;
  readonly #redis: Redis;
  readonly #events: LinkEvents;
  readonly #attempt = new Deadline(() => {
    this.#fault = 'ETIMEDOUT';
    this.#redis.disconnect(true);
  });
  /** What is wrong with the connection; empty if nothing is known to be. */
  #fault = '';
  #pending = 0;
  #retired = false;

  constructor(url: string, events: LinkEvents) {
    this.#events = events;
    this.#redis = new Redis(url, connectionOptions);
    this.tried = new Promise((resolve) => {
      this.#redis.once('ready', resolve).once('close', resolve);
    });
    this.#redis
      .on('connecting', () => this.#attempt.start(attemptMs))
      .on('connect', () => {
        this.#fault = '';
      })
      .on('ready', () => this.#attempt.stop())
      .on('close', () => this.#attempt.stop())
      .on('error', (error: unknown) => {
        this.#fault = redisErrorCode(error);
        // The node refused the password or the database, and would be used without it.
        if (error instanceof ReplyError) this.#redis.disconnect(true);
      });
  }

  send(commands: readonly Words[], timeoutMs: number): Promise<Reply> {
    if (this.#redis.status !== 'ready' || this.#fault !== '') {
      return Promise.resolve(failed(this.#fault || 'not_connected'));
    }
    this.#pending += 1;
    return new Promise((resolve) => {
      let settled = false;
      const settle = (reply: Reply): void => {
        if (settled) return;
        settled = true;
        deadline.stop();
        this.#pending -= 1;
        this.#closeIfDone();
        resolve(reply);
      };
      const deadline = new Deadline(() => {
        settle(timedOut());
        this.#events.stalled();
      });
      deadline.start(timeoutMs);
      this.#write(commands).then(
        () => settle(succeeded(0)),
        (error: unknown) => settle(failed(redisErrorCode(error))),
      );
    });
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

  #write(commands: readonly Words[]): Promise<unknown> {
    const { stream } = this.#redis;
    stream.cork();
    const replies = Promise.all(commands.map(([name, ...args]) => this.#redis.call(name, args)));
    stream.uncork();
    return replies;
  }
}

/** Any reply to PING counts, an error (`-NOAUTH`, `-LOADING`) as well. */
async function probe({ url }: NodeSpec, timeoutMs: number): Promise<boolean> {
  try {
    await askRedis(url, ['PING'], AbortSignal.timeout(timeoutMs));
    return true;
  } catch (error) {
    return error instanceof ReplyError;
  }
}

/** What a node says of its part in replication, asked on a connection of its own. Never rejects. */
export async function askRole({ url }: NodeSpec, timeoutMs: number): Promise<RoleAnswer> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return roleOf(await askRedis(url, ['ROLE'], limit));
  } catch (error) {
    return { problem: limit.aborted ? 'no answer in time' : redisErrorCode(error) };
  }
}

/**
 * The reply to one command, on a connection of its own.
 * Rejects with an error reply, with what is wrong with the connection, or with the signal's reason.
 */
export async function askRedis(
  url: string,
  [name = '', ...args]: readonly string[],
  signal: AbortSignal,
): Promise<Json> {
  signal.throwIfAborted();
  const redis = new Redis(url, oneAttempt);
  const { promise, resolve, reject } = Promise.withResolvers<Json>();
  const abandon = (): void => reject(signal.reason);
  signal.addEventListener('abort', abandon, { once: true });
  // A refused password is an error of the connection, which the command would do without.
  redis.on('error', reject);
  // Replies of protocol 2 are texts, numbers, null and lists of such.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  redis.call(name, args).then((reply) => resolve(reply as Json), reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abandon);
    redis.disconnect();
  }
}
