import type { Config } from '../model/config.ts';
import { redisEndpoint } from '../model/redis-endpoint.ts';
import type { Explained } from './explain.ts';
import type { YamlPath } from './yaml.ts';

const listens = 'is for a connection that listens to messages: no other request on it would be answered';
const endsNode = 'would end the node, which nothing would start again: that is for `kill_node` in a scenario';
const logsIn = 'would hold for all other requests too: user and password stand in the node’s URL';

/**
 * Commands that are no request whose answer could be measured, or after which other requests would not be what they say:
 * those to a node share one connection. Ones that block, such as BLPOP, are answered; that others wait behind them is
 * what they do.
 */
const refused: Readonly<Record<string, string>> = {
  SUBSCRIBE: listens,
  PSUBSCRIBE: listens,
  SSUBSCRIBE: listens,
  UNSUBSCRIBE: listens,
  PUNSUBSCRIBE: listens,
  SUNSUBSCRIBE: listens,
  MONITOR: listens,
  SYNC: listens,
  PSYNC: listens,
  'CLIENT REPLY': 'keeps replies back, so that requests would never be answered',
  SELECT: 'would hold for all other requests too: the database stands in the node’s URL, redis://host:port/1',
  AUTH: logsIn,
  HELLO: logsIn,
  RESET: 'would put the connection back for all other requests too',
  QUIT: 'would close the connection for all other requests too',
  SHUTDOWN: endsNode,
  'DEBUG SEGFAULT': endsNode,
  'DEBUG PANIC': endsNode,
  'DEBUG RESTART': endsNode,
  'DEBUG CRASH-AND-RECOVER': endsNode,
};

/** What cannot be among the Redis commands of a config. They may hold secrets, of which nothing is told but their names. */
export function wrongRedisCommands(config: Config): readonly Explained[] {
  const named = Object.entries(config.workloads).map(
    ([name, { redis }]) => [['workloads', name, 'redis'], redis ?? []] as const,
  );
  const isCluster = config.redis_nodes.some((url) => redisEndpoint(url).kind === 'cluster');
  return [[['redis_workload'], config.redis_workload] as const, ...named].flatMap(([path, operations]) =>
    operations.flatMap(({ commands }, index) => wrongIn(commands, [...path, index, 'commands'], isCluster)),
  );
}

function wrongIn(commands: readonly string[], path: YamlPath, isCluster: boolean): readonly Explained[] {
  const names = commands.map(namesOf);
  const open = isCluster
    ? names.findIndex(([name]) => name === 'MULTI' || name === 'WATCH')
    : unclosed(names);
  const why = isCluster
    ? 'needs one connection, and those to a cluster are several: each command goes where its key is'
    : 'needs an EXEC or DISCARD after it in the same operation: other requests come next on the same connection';
  return [
    ...names.flatMap((both, index) =>
      both.flatMap((name) =>
        refused[name] === undefined ? [] : [{ path: [...path, index], message: `${name} ${refused[name]}` }],
      ),
    ),
    ...(open < 0 ? [] : [{ path: [...path, open], message: `${names[open]?.[0]} ${why}` }]),
  ];
}

/** Its first word, and the first two of them, as Redis reads them. */
function namesOf(command: string): readonly [string, string] {
  const [name = '', sub = ''] = command.replaceAll(/["']/g, '').trim().toUpperCase().split(/\s+/, 2);
  return [name, `${name} ${sub}`];
}

/** The index of the first command that begins what none after it ends; −1 where there is none. */
function unclosed(names: readonly (readonly [string, string])[]): number {
  let open = -1;
  for (const [index, [name]] of names.entries()) {
    if (name === 'MULTI' || name === 'WATCH') open = open < 0 ? index : open;
    else if (name === 'EXEC' || name === 'DISCARD') open = -1;
  }
  return open;
}
