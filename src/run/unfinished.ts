import { existsSync } from 'node:fs';
import { holderOf } from '../control/lock.ts';
import { OrchError } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { isMereClaim } from '../store/create-run.ts';
import { listRunIds } from '../store/find-run.ts';
import { readManifest } from '../store/manifest-reader.ts';
import { type RunDir, runDir } from '../store/run-dir.ts';
import { openFaults } from './fault-life.ts';
import { runLock } from './locks.ts';
import { readRun, unknownFaults } from './read-run.ts';

export interface UnfinishedRun {
  readonly dir: RunDir;
  /** The machine that it ran on; null where its manifest cannot be read. */
  readonly host: string | null;
  /** False where nothing can be in force, for it has only claimed its directory, or its journal shows that all was undone. */
  readonly mayBeBroken: boolean;
  /** What is wrong with it, as a clause. */
  readonly problem: string;
}

type Trouble = Pick<UnfinishedRun, 'mayBeBroken' | 'problem'>;

/** What there is beside runs that came to a good end. */
export interface Survey {
  /** Those that were cut off, that left something broken, or that cannot be read. */
  readonly unfinished: readonly UnfinishedRun[];
  readonly goingOn: readonly { readonly id: string; readonly pid: number }[];
}

export async function surveyRuns(runsRoot: string): Promise<Survey> {
  const unfinished: UnfinishedRun[] = [];
  const goingOn: { id: string; pid: number }[] = [];
  for (const id of await listRunIds(runsRoot)) {
    const dir = runDir(runsRoot, id);
    const { manifest, trouble } = await look(dir);
    if (trouble === null) continue;
    const holder = await holderOf(runLock(dir.path));
    if (holder?.role === 'run') goingOn.push({ id, pid: holder.pid });
    else unfinished.push({ dir, host: manifest?.host.name ?? null, ...trouble });
  }
  return { unfinished, goingOn };
}

/** What may not be read is another user's, and not ours to put in order. */
async function look(dir: RunDir): Promise<{ manifest: Manifest | null; trouble: Trouble | null }> {
  try {
    const { manifest } = await readManifest(dir.manifest);
    return { manifest, trouble: manifest === null ? await withoutManifest(dir) : troubleOf(manifest, dir) };
  } catch (error) {
    if (!(error instanceof OrchError)) throw error;
    const trouble = { mayBeBroken: true, problem: `cannot be read: ${error.message}` };
    return { manifest: null, trouble: error.code === 'no-permission' ? null : trouble };
  }
}

function troubleOf({ status, still_broken: broken }: Manifest, { nodes }: RunDir): Trouble | null {
  if (status === 'running') return { mayBeBroken: true, problem: 'was cut off' };
  // A run takes their homes away at its very end.
  if (broken.length === 0 && existsSync(nodes))
    return { mayBeBroken: true, problem: 'was killed before its embedded nodes had ended' };
  if (broken.length === 0) return null;
  return { mayBeBroken: true, problem: `left something broken (${broken.join('; ')})` };
}

/** A journal tells of open faults where the manifest does not: it cannot be read, or is gone. A run of another origin has neither. */
async function withoutManifest(dir: RunDir): Promise<Trouble | null> {
  if (await isMereClaim(dir)) return { mayBeBroken: false, problem: 'was killed before it had begun' };
  const reading = await readRun(dir);
  const [unknown] = unknownFaults(reading);
  if (openFaults(reading.events).length > 0)
    return { mayBeBroken: true, problem: 'has faults that were not undone' };
  if (unknown !== undefined) return { mayBeBroken: true, problem: `left no journal to go by (${unknown})` };
  return reading.isForeign ? null : { mayBeBroken: false, problem: 'has a manifest that cannot be read' };
}

/** One of another machine is not ours to judge: it may go on there. */
export function isElsewhere(run: UnfinishedRun, host: string): boolean {
  return run.host !== null && run.host !== host;
}

/**
 * Why a run cannot begin: it does not on top of one that is not in order. Null where all are.
 * The error is `run-unfinished`, naming the command to use.
 */
export async function unfinishedHere(runsRoot: string, host: string): Promise<OrchError | null> {
  const { unfinished } = await surveyRuns(runsRoot);
  const ours = unfinished.filter((run) => run.mayBeBroken && !isElsewhere(run, host));
  if (ours.length === 0) return null;
  const names = ours.map(({ dir, problem }) => `the run ${dir.id} ${problem}`);
  return new OrchError('run-unfinished', names.join('; '), {
    hint: `Put it in order first: \`orch recover${ours.length === 1 ? ` ${ours[0]?.dir.id}` : ''}\`.`,
  });
}
