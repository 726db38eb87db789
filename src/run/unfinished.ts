import { holderOf } from '../control/lock.ts';
import { OrchError } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { readEvents } from '../store/events-reader.ts';
import { isMereClaim } from '../store/create-run.ts';
import { listRunIds } from '../store/find-run.ts';
import { readManifest } from '../store/manifest-reader.ts';
import { type RunDir, runDir } from '../store/run-dir.ts';
import { openFaults } from './fault-life.ts';
import { runLock } from './locks.ts';

export interface UnfinishedRun {
  readonly dir: RunDir;
  /** The machine that it ran on; null where its manifest cannot be read. */
  readonly host: string | null;
  /** False where it has only claimed its directory: nothing is in force then. */
  readonly hadBegun: boolean;
  /** What is wrong with it, as a clause. */
  readonly problem: string;
}

const killedEarly = 'was killed before it had begun';

/** The runs that were cut off, or that left something broken. One that still goes on is not among them. */
export async function findUnfinished(runsRoot: string): Promise<readonly UnfinishedRun[]> {
  const found: UnfinishedRun[] = [];
  for (const id of await listRunIds(runsRoot)) {
    const dir = runDir(runsRoot, id);
    const { manifest, problem } = await look(dir);
    if (problem === null) continue;
    const holder = await holderOf(runLock(dir.path));
    if (holder?.role !== 'run') {
      const hadBegun = problem !== killedEarly;
      found.push({ dir, host: manifest?.host.name ?? null, hadBegun, problem });
    }
  }
  return found;
}

/** What may not be read is another user's, and not ours to put in order. */
async function look(dir: RunDir): Promise<{ manifest: Manifest | null; problem: string | null }> {
  try {
    const { manifest } = await readManifest(dir.manifest);
    return { manifest, problem: manifest === null ? await problemOfJournal(dir) : problemOf(manifest) };
  } catch (error) {
    if (error instanceof OrchError && error.code === 'no-permission')
      return { manifest: null, problem: null };
    throw error;
  }
}

function problemOf({ status, still_broken: broken }: Manifest): string | null {
  if (status === 'running') return 'was cut off';
  return broken.length === 0 ? null : `left something broken (${broken.join('; ')})`;
}

/** A journal tells of open faults where the manifest does not: it cannot be read, or is gone. A run of another origin has neither. */
async function problemOfJournal(dir: RunDir): Promise<string | null> {
  if (await isMereClaim(dir)) return killedEarly;
  const { events } = await readEvents(dir.events);
  return openFaults(events).length === 0 ? null : 'has faults that were not undone';
}

/** One of another machine is not ours to judge: it may go on there. */
export function isElsewhere(run: UnfinishedRun, host: string): boolean {
  return run.host !== null && run.host !== host;
}

/**
 * A run does not begin on top of one that is not in order.
 * @throws OrchError `run-unfinished`, naming the command to use
 */
export async function refuseUnfinished(runsRoot: string, host: string): Promise<void> {
  const unfinished = await findUnfinished(runsRoot);
  const ours = unfinished.filter((run) => run.hadBegun && !isElsewhere(run, host));
  if (ours.length === 0) return;
  const names = ours.map(({ dir, problem }) => `the run ${dir.id} ${problem}`);
  throw new OrchError('run-unfinished', names.join('; '), {
    hint: `Put it in order first: \`orch recover${ours.length === 1 ? ` ${ours[0]?.dir.id}` : ''}\`.`,
  });
}
