import { holderOf } from '../control/lock.ts';
import { OrchError } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { isMereClaim } from '../store/create-run.ts';
import { listRunIds } from '../store/find-run.ts';
import { readManifest } from '../store/manifest-reader.ts';
import { type RunDir, runDir } from '../store/run-dir.ts';
import { runLock } from './locks.ts';

export interface UnfinishedRun {
  readonly dir: RunDir;
  /** Null where it was killed before it had one. */
  readonly manifest: Manifest | null;
  /** What is wrong with it, as a clause. */
  readonly problem: string;
}

/** The runs that were cut off, or that left something broken. One that still goes on is not among them. */
export async function findUnfinished(runsRoot: string): Promise<readonly UnfinishedRun[]> {
  const found: UnfinishedRun[] = [];
  for (const id of await listRunIds(runsRoot)) {
    const dir = runDir(runsRoot, id);
    const { manifest } = await readManifest(dir.manifest);
    const problem = manifest === null ? await problemOfNone(dir) : problemOf(manifest);
    if (problem === null) continue;
    const holder = await holderOf(runLock(dir.path));
    if (holder !== null && holder?.role !== 'run') found.push({ dir, manifest, problem });
  }
  return found;
}

function problemOf({ status, still_broken: broken }: Manifest): string | null {
  if (status === 'running') return 'was cut off';
  return broken.length === 0 ? null : `left something broken (${broken.join('; ')})`;
}

/** A run of another origin has no manifest either, and is in order. */
async function problemOfNone(dir: RunDir): Promise<string | null> {
  return (await isMereClaim(dir)) ? 'was killed before it had begun' : null;
}

/**
 * A run does not begin on top of one that is not in order. One of another machine is not ours to judge, and one that
 * had not begun has left nothing in force.
 * @throws OrchError `run-unfinished`, naming the command to use
 */
export async function refuseUnfinished(runsRoot: string, host: string): Promise<void> {
  const unfinished = await findUnfinished(runsRoot);
  const ours = unfinished.filter(({ manifest }) => manifest?.host.name === host);
  if (ours.length === 0) return;
  const names = ours.map(({ dir, problem }) => `the run ${dir.id} ${problem}`);
  throw new OrchError('run-unfinished', names.join('; '), {
    hint: `Put it in order first: \`orch recover${ours.length === 1 ? ` ${ours[0]?.dir.id}` : ''}\`.`,
  });
}
