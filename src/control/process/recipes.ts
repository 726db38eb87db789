import type { Address } from '../../model/node.ts';
import { loopback } from '../ports.ts';

/** How an embedded node is started. */
export interface Recipe {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The node's home: the directory by which it is known for ours, whatever becomes of us (left-over.ts). */
  readonly cwd: string;
  /** A line like this on its stdout says that it serves. */
  readonly ready: RegExp;
}

/** The demo service. It gets none of our environment, which may hold keys, and exits when its stdin closes. */
export function httpRecipe(serviceEntry: string, name: string, home: string, port: number): Recipe {
  return {
    command: process.execPath,
    args: [serviceEntry],
    env: { NODE_NAME: name, HOST: loopback, PORT: String(port), DIE_WITH_PARENT: '1' },
    cwd: home,
    ready: / listening on /,
  };
}

/** A Redis without persistence; told where a primary is, its replica. */
export function redisRecipe(redisServer: string, home: string, port: number, primaryAt?: Address): Recipe {
  const persistence = ['--save', '', '--appendonly', 'no', '--dir', home];
  // Redis would wait five seconds for further replicas before it sends the first what it has.
  const replication = ['--repl-diskless-sync-delay', '0'];
  // What it copies is not to be there in its next life either.
  if (primaryAt !== undefined) {
    const { host, port: primaryPort } = primaryAt;
    replication.push('--replicaof', host, String(primaryPort), '--rdb-del-sync-files', 'yes');
  }
  return {
    command: redisServer,
    args: ['--port', String(port), '--bind', loopback, '--daemonize', 'no', ...persistence, ...replication],
    env: {},
    cwd: home,
    ready: /Ready to accept connections/,
  };
}
