import { takeLock } from '../control/lock.ts';
import { OrchError } from '../model/errors.ts';
import type { Mode } from '../model/node.ts';
import { holderText, runLock } from '../run/locks.ts';
import { createRunDir } from '../store/create-run.ts';
import type { RunDir } from '../store/run-dir.ts';
import { checkRunId, makeRunId } from '../store/run-id.ts';
import type { Cleanup } from './cleanup.ts';
import type { RunRequest } from './run-request.ts';
import type { World } from './world.ts';

/** An id of our own that is taken (two runs in one second) is tried again with a number; one that was given is not. */
export async function claimRunDir(world: World, request: RunRequest, mode: Mode): Promise<RunDir> {
  if (request.runId !== undefined) return createRunDir(request.runsRoot, checkRunId(request.runId));
  const id = makeRunId(request.scenario.value.name, mode, world.clock.wall());
  for (let number = 1; ; number += 1) {
    try {
      return await createRunDir(request.runsRoot, number === 1 ? id : `${id}-${number}`);
    } catch (error) {
      const taken = error instanceof OrchError && error.code === 'run-exists';
      if (!taken || number === 100) throw error;
    }
  }
}

/** The lock of a run dies with this process, which is how others know that it was cut off. */
export async function lockRun(dir: RunDir, pid: number, cleanup: Cleanup): Promise<void> {
  const owner = { role: 'run', pid, run_id: dir.id } as const;
  const claim = await takeLock(runLock(dir.path), owner);
  if (claim.lock === null) throw new OrchError('run-active', `${holderText(claim.owner)} is at ${dir.path}`);
  cleanup.defer('releasing the run', () => claim.lock.release());
}
