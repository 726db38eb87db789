import { Deadline } from './deadline.ts';
import { Cluster, type Redis, ReplyError } from './ioredis.ts';
import { lastingClient } from './redis-client.ts';
import { redisErrorCode } from './redis-error.ts';
import { acknowledged, indeterminate, type ReadReply, refused, type WriteStore } from './write-store.ts';

export interface RedisWritesOptions {
  /** What the keys begin with: unique to the check. */
  readonly prefix: string;
  readonly timeoutMs: number;
  /** How many replicas must have a write for it to be acknowledged. */
  readonly wait: number;
}

type Connection = Redis | Cluster;

/** The tokens are spread over so many keys, so that those of a cluster are on several nodes. */
const keyCount = 16;
const timeout = Symbol('timeout');

/**
 * Tokens as fields of hashes, each counting how often it was written (HINCRBY). A connection carries one write or read at a
 * time, for WAIT holds up what comes behind it, and is not used again once anything went wrong on it.
 */
export function redisWrites({ prefix, timeoutMs, wait }: RedisWritesOptions): WriteStore {
  const idle = new Map<string, Connection[]>();
  const open = new Set<Connection>();
  const keys = Array.from({ length: keyCount }, (_, index) => `${prefix}:${index}`);
  const keyOf = (token: string) => keys[Number(/\d+$/.exec(token)?.[0] ?? 0) % keyCount]!;

  function connect(url: string): Connection {
    const connection = lastingClient(url);
    open.add(connection);
    // What goes wrong while nothing is asked of it shows when something is.
    return connection.on('error', () => {});
  }

  /** Rejects with what went wrong, or with `timeout` in which no answer came. */
  async function on<T>(url: string, ask: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = idle.get(url)?.pop() ?? connect(url);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const deadline = new Deadline(() => reject(timeout));
    deadline.start(timeoutMs);
    connection.on('error', reject);
    try {
      const answer = await Promise.race([late, ready(connection).then(() => ask(connection))]);
      connection.off('error', reject);
      idle.set(url, [...(idle.get(url) ?? []), connection]);
      return answer;
    } catch (error) {
      open.delete(connection);
      connection.disconnect();
      throw error;
    } finally {
      deadline.stop();
    }
  }

  return {
    counts: true,
    async write({ url }, token) {
      let isSent = false;
      try {
        const replicas = await on(url, (connection) => {
          isSent = true;
          const written = connection.call('HINCRBY', [keyOf(token), token, '1']);
          if (wait === 0) return written.then(() => 0);
          // Over before the time limit is, so that its answer comes. What goes wrong with it undoes no write.
          const limit = String(Math.ceil(timeoutMs * 0.8));
          const replicated = connection.call('WAIT', [String(wait), limit]).then(Number, () => 0);
          return Promise.all([written, replicated]).then(([, had]) => had);
        });
        return replicas >= wait ? acknowledged : indeterminate('not_replicated');
      } catch (error) {
        // An error reply says that it was not done.
        const mayBeDone = isSent && !(error instanceof ReplyError);
        return mayBeDone ? indeterminate(codeOf(error)) : refused(codeOf(error));
      }
    },
    async read({ url }, token): Promise<ReadReply> {
      try {
        const times = await on(url, (connection) => connection.call('HGET', [keyOf(token), token]));
        return { times: Number(times ?? 0) };
      } catch (error) {
        return { problem: codeOf(error) };
      }
    },
    async tidy({ url }) {
      for (const key of keys) await on(url, (connection) => connection.call('UNLINK', [key])).catch(() => {});
    },
    close() {
      for (const connection of open) connection.disconnect();
      open.clear();
      idle.clear();
    },
  };
}

async function ready(connection: Connection): Promise<void> {
  if (connection.status === 'ready') return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  connection.once('ready', resolve).once('close', () => reject(new Error('the connection was closed')));
  await promise;
}

function codeOf(error: unknown): string {
  return error === timeout ? 'timeout' : redisErrorCode(error);
}
