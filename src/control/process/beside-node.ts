import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EmbeddedNode } from './embedded-node.ts';
import type { Script } from '../resource-scripts.ts';

/**
 * Starts a script of ours in a node's home, where what is left of it is found and ended with the node itself
 * (left-over.ts). In a session of its own: a Ctrl-C in the terminal is not meant for it. Resolves to its pid, once it runs.
 */
export async function startBeside({ home }: EmbeddedNode, { args, env }: Script): Promise<number> {
  const [command = 'sh', ...others] = args;
  const child = spawn(command, others, {
    cwd: home,
    env: { ...env, PATH: '/bin:/usr/bin' },
    detached: true,
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  child.unref();
  return child.pid ?? 0;
}
