import { realpathSync } from 'node:fs';
import { type Clock, sleep } from '../clock/clock.ts';
import { addressLock, holderOf, type Lock, type LockOwner, takeLock } from '../control/lock.ts';
import { OrchError } from '../model/errors.ts';
import type { NodeSpec } from '../model/node.ts';

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

/**
 * The names of a node's locks: its address and, where a driver knows it by its service, its place under the engine.
 * `scope` is what service names are unique in; null where there are none.
 */
export function nodeLocks(node: NodeSpec, scope: string | null): readonly string[] {
  const address = addressLock(node.url);
  return scope !== null && node.managed ? [address, `node ${scope} ${node.name}`] : [address];
}

export type Held =
  | { readonly lock: Lock }
  | { readonly lock: null; readonly name: string; readonly owner: LockOwner | null };

/** Takes all of the locks, or none: then it says which one somebody else has. */
export async function takeAll(names: readonly string[], owner: LockOwner): Promise<Held> {
  const locks: Lock[] = [];
  const release = async () => {
    for (const lock of locks.splice(0)) await lock.release();
  };
  for (const name of names) {
    const claim = await takeLock(name, owner);
    if (claim.lock === null) {
      await release();
      return { lock: null, name, owner: claim.owner };
    }
    locks.push(claim.lock);
  }
  return { lock: { release } };
}

/**
 * One run at a time per set of nodes: takes the locks of all nodes.
 * @throws OrchError `run-active`, naming the run that has one of them
 */
export async function lockNodes(
  nodes: readonly NodeSpec[],
  scope: string | null,
  owner: LockOwner,
): Promise<Lock> {
  const held = await takeAll(
    nodes.flatMap((node) => nodeLocks(node, scope)),
    owner,
  );
  if (held.lock !== null) return held.lock;
  const node = nodes.find((one) => nodeLocks(one, scope).includes(held.name));
  throw new OrchError('run-active', `${node?.name} is in use by ${holderText(held.owner)}`, {
    hint: 'One run at a time per node: wait for it to end, or interrupt it with Ctrl-C or `kill -INT`.',
  });
}

/** Which of the nodes a run has now, and who it is: `api is in use by the run r (pid 12)`. */
export async function nodesInUse(
  nodes: readonly NodeSpec[],
  scope: string | null,
): Promise<readonly string[]> {
  const inUse: string[] = [];
  for (const node of nodes) {
    const holders = await Promise.all(nodeLocks(node, scope).map(holderOf));
    const holder = holders.find((one) => one !== undefined);
    if (holder !== undefined) inUse.push(`${node.name} is in use by ${holderText(holder)}`);
  }
  return inUse;
}

export interface HoldOptions {
  readonly clock: Clock;
  readonly waitMs: number;
  readonly owner: LockOwner;
}

/**
 * The locks of a run's nodes for whoever cleans up after it. Another run that has begun on them meanwhile is waited for.
 * @throws OrchError `run-active`
 */
export async function holdNodes(
  names: readonly string[],
  { clock, waitMs, owner }: HoldOptions,
): Promise<Lock> {
  const endMs = clock.now() + waitMs;
  for (;;) {
    const held = await takeAll(names, owner);
    if (held.lock !== null) return held.lock;
    if (clock.now() > endMs)
      throw new OrchError('run-active', `${held.name} is in use by ${holderText(held.owner)}`);
    await sleep(clock, 200);
  }
}

export function holderText(owner: LockOwner | null): string {
  if (owner === null) return 'a process that does not answer';
  const { role, pid, run_id: run } = owner;
  const who = {
    run: `the run ${run}`,
    guardian: `the guardian of ${run}`,
    recover: `\`orch recover ${run}\``,
  };
  return `${who[role]} (pid ${pid})`;
}
