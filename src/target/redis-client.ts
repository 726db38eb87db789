import { type RedisEndpoint, redisEndpoint } from '../model/redis-endpoint.ts';
import { Cluster, Redis } from './ioredis.ts';

/** The pause between attempts to connect. It is steady, so that a node is found soon after it has come back. */
const retryMs = 200;
/** An attempt to connect that takes longer, logging in included, is given up and begun anew. */
export const attemptMs = 2000;

const connection = {
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
const oneAttempt = {
  ...connection,
  enableOfflineQueue: true,
  retryStrategy: () => null,
  sentinelRetryStrategy: () => null,
} as const;

/** Connects again whenever it is lost, and queues nothing. */
export function lastingClient(url: string): Redis | Cluster {
  const endpoint = redisEndpoint(url);
  if (endpoint.kind === 'node') return new Redis(url, connection);
  if (endpoint.kind === 'cluster') return clusterClient(endpoint);
  return new Redis({
    ...connection,
    ...behindSentinel(endpoint),
    connectTimeout: attemptMs,
    sentinelRetryStrategy: () => retryMs,
    // A node that was the master, and is not any more, may keep its connections.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
}

/** Of a cluster it asks the node whose address is known, and of what is behind a Sentinel the master. */
export function askingClient(url: string): Redis {
  const endpoint = redisEndpoint(url);
  if (endpoint.kind === 'node') return new Redis(url, oneAttempt);
  const { host, port, username = '', password = '' } = endpoint;
  const at = endpoint.kind === 'sentinel' ? behindSentinel(endpoint) : { host, port, username, password };
  return new Redis({ ...oneAttempt, ...at });
}

/** MOVED and ASK are followed; where a node is gone, or the cluster says that it is down, nothing is tried again. */
function clusterClient({ host, port, username = '', password = '' }: RedisEndpoint): Cluster {
  // Nodes are connected to as they are needed, and lost with their connection: what is sent meanwhile waits for that.
  const { retryStrategy: _, enableOfflineQueue: __, ...options } = connection;
  const redisOptions = { ...options, username, password };
  return new Cluster([{ host, port }], {
    redisOptions,
    enableReadyCheck: false,
    clusterRetryStrategy: () => retryMs,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: 2000,
    // A node that has taken another's place is found even where nothing was sent that would tell of it.
    slotsRefreshInterval: 1000,
  });
}

function behindSentinel({ host, port, master: name, db, username = '', password = '' }: RedisEndpoint) {
  const sentinels = [{ host, port }];
  const role = 'master' as const;
  return { sentinels, name, role, db, username, password, sentinelCommandTimeout: attemptMs };
}
