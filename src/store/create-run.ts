import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, OrchError } from '../model/errors.ts';
import { ioError } from './io-error.ts';
import { isTemporary } from './json-file.ts';
import { type RunDir, runDir } from './run-dir.ts';

/**
 * Makes the directory of a new run. The directory itself is the claim on the id: of two runs, only one can make it.
 * @throws OrchError `run-exists`, `disk-full`, `no-permission`, `write-failed`
 */
export async function createRunDir(runsRoot: string, id: string): Promise<RunDir> {
  const run = runDir(runsRoot, id);
  try {
    await mkdir(runsRoot, { recursive: true });
    await mkdir(run.path);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw ioError(error, run.path, 'making the directory');
    throw new OrchError('run-exists', `the run ${id} exists already, and runs are never overwritten`, {
      hint: `Choose another --run-id, or delete ${run.path}.`,
      cause: error,
    });
  }
  return run;
}

/** Takes back the claim of a run that never began. */
export async function discardRunDir(run: RunDir): Promise<void> {
  await rm(run.path, { recursive: true, force: true });
}

/** Whether a run has claimed its id and come no further: not even its first manifest is whole. */
export async function isMereClaim(run: RunDir): Promise<boolean> {
  const names = await readdir(run.path).catch(() => ['?']);
  return names.every(isTemporary);
}

/** Removes what was half written when the run's process was killed. */
export async function removeTemporaries(run: RunDir): Promise<void> {
  const names = await readdir(run.path).catch(() => []);
  for (const name of names.filter(isTemporary)) await rm(join(run.path, name), { force: true });
}
