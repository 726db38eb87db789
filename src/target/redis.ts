import type { Json } from '../model/disturber.ts';
import type { NodeSpec } from '../model/node.ts';
import { isManyNodes, redisEndpoint } from '../model/redis-endpoint.ts';
import type { RedisOperation } from '../model/workload.ts';
import { Feeds, type FillSource } from './feed.ts';
import { ReplyError } from './ioredis.ts';
import { Operations } from './operations.ts';
import { askingClient } from './redis-client.ts';
import { type RedisCommands, redisCommands } from './redis-commands.ts';
import { redisErrorCode } from './redis-error.ts';
import { RedisLink } from './redis-link.ts';
import { NodeLinks } from './redis-links.ts';
import { type RoleAnswer, roleOf } from './redis-role.ts';
import { failed } from './reply.ts';
import type { Target } from './target.ts';

/** Plain data, so that each thread can make its own. */
export interface RedisTargetOptions extends FillSource {
  /** The one that needs no name. */
  readonly workload: readonly RedisOperation[];
  readonly workloads: Readonly<Record<string, readonly RedisOperation[]>>;
}

/**
 * Redis load over one connection to each node, or to each node of a cluster, or to the master that a Sentinel names. An
 * operation's commands go out in one write (to a cluster, in one to each of its nodes) and are carried out in order, though
 * not as a transaction; it is ok when each was answered without an error. Nothing is queued, and nothing is sent twice but
 * what a cluster says belongs elsewhere: without a connection an operation fails at once, and connecting is tried again all
 * the time. The codes of failures are listed at `redisErrorCode`.
 *
 * @throws OrchError where a command cannot be split into words, or what is filled in is not there
 */
export function createRedisTarget({ workload, workloads, seed, feeds }: RedisTargetOptions): Target {
  const operations = new Operations<RedisCommands>();
  const source = { seed, feeds: new Feeds(feeds) };
  for (const [name, mix] of [[null, workload] as const, ...Object.entries(workloads)])
    operations.add(
      name,
      mix.map((one) => redisCommands(one, source)),
    );
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
    operation: (pick, named) => operations.pick(pick, named),
    async open(specs) {
      if (!closed) await Promise.all(specs.map(({ url }) => linksTo(url).tried));
    },
    invoke(node, operation, timeoutMs, seq, asker) {
      if (closed) return asker.settle(failed('not_connected'));
      linksTo(node.url).send(operations.at(operation).commandsAt(seq), timeoutMs, asker);
    },
    probe: probeRedis,
    close() {
      closed = true;
      for (const links of nodes.values()) links.close();
      return Promise.resolve();
    },
  };
}

/** Any reply counts, an error (`-NOAUTH`, `-LOADING`) as well: null. Else why there is none, or that a cluster is no cluster. */
export async function probeRedis({ url }: NodeSpec, timeoutMs: number): Promise<string | null> {
  const limit = AbortSignal.timeout(timeoutMs);
  const question = redisEndpoint(url).kind === 'cluster' ? ['CLUSTER', 'INFO'] : ['PING'];
  try {
    await askRedis(url, question, limit);
    return null;
  } catch (error) {
    const code = redisErrorCode(error);
    if (error instanceof ReplyError && code !== 'no_cluster') return null;
    return limit.aborted ? 'timeout' : code;
  }
}

/** What a node says of its part in replication, asked on a connection of its own. Never rejects. */
export async function askRole({ url }: NodeSpec, timeoutMs: number): Promise<RoleAnswer> {
  if (isManyNodes(url)) return { problem: 'it is no single node' };
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
  const redis = askingClient(url);
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
