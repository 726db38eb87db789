import { realpathSync } from 'node:fs';
import { type Lock, type LockOwner, takeLock } from '../control/lock.ts';
import { OrchError } from '../model/errors.ts';
import type { NodeSpec } from '../model/node.ts';
import type { RunDir } from '../store/run-dir.ts';

/** The name of the lock of whoever acts on a run: its coordinator, its guardian, or `orch recover`. */
export function runLock(path: string): string {
  return `run ${realPath(path)}`;
}

/** A run's directory that was removed meanwhile has no other name than the one that is known. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Where a node is the same for everybody on this machine: its place under an engine, or its address. */
export function nodeLock(node: NodeSpec, scope: string | null): string {
  if (scope !== null && node.managed) return `node ${scope} ${node.name}`;
  const { protocol, host } = new URL(node.url);
  return `node ${protocol}//${host}`;
}

/**
 * One run at a time per set of nodes: takes the lock of every node, or of none.
 * @throws OrchError `run-active`, naming the run that has one of them
 */
export async function lockNodes(
  nodes: readonly NodeSpec[],
  scope: string | null,
  dir: RunDir,
  pid: number,
): Promise<Lock> {
  const owner: LockOwner = { role: 'run', pid, run_id: dir.id };
  const locks: Lock[] = [];
  const release = async () => {
    for (const lock of locks.splice(0)) await lock.release();
  };
  for (const node of nodes) {
    const claim = await takeLock(nodeLock(node, scope), owner);
    if (claim.lock !== null) {
      locks.push(claim.lock);
      continue;
    }
    await release();
    throw new OrchError('run-active', `${node.name} is in use by ${holderText(claim.owner)}`, {
      hint: 'One run at a time per node: wait for it to end, or interrupt it with Ctrl-C or `kill -INT`.',
    });
  }
  return { release };
}

export function holderText(owner: LockOwner | null): string {
  if (owner === null) return 'another run, which does not say who it is';
  const { role, pid, run_id: run } = owner;
  const who = {
    run: `the run ${run}`,
    guardian: `the guardian of ${run}`,
    recover: `\`orch recover ${run}\``,
  };
  return `${who[role]} (pid ${pid})`;
}
