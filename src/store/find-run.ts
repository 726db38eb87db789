import { statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, OrchError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { ioError } from './io-error.ts';
import { type RunDir, runDir } from './run-dir.ts';
import { checkRunId } from './run-id.ts';

/** @throws OrchError `run-not-found` (naming the nearest run, and those that there are), `usage` */
export async function findRun(runsRoot: string, id: string): Promise<RunDir> {
  const run = runDir(runsRoot, checkRunId(id));
  const isThere = await stat(run.path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isThere) return run;
  const ids = await listRunIds(runsRoot);
  throw new OrchError('run-not-found', `there is no run ${id} in ${runsRoot}`, {
    hint:
      ids.length === 0
        ? 'There are no runs yet: `orch run` makes one.'
        : `${didYouMean(id, ids)}There are: ${ids.slice(-10).join(', ')}`,
  });
}

/** A part of an id, such as one without its time, means the last run that has it. */
function didYouMean(id: string, ids: readonly string[]): string {
  const meant = ids.findLast((other) => other.includes(id)) ?? nearest(id, ids, 1 / 2);
  return meant === undefined ? '' : `Did you mean \`${meant}\`? `;
}

/**
 * The ids of all runs, sorted; none where the directory does not exist.
 * @throws OrchError `no-permission`, `file-not-found` where it is no directory
 */
export async function listRunIds(runsRoot: string): Promise<readonly string[]> {
  const names = await readdir(runsRoot).catch((error: unknown) => {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return [];
    if (errno === 'ENOTDIR')
      throw new OrchError('file-not-found', `${runsRoot} is no directory`, { cause: error });
    throw ioError(error, runsRoot, 'listing');
  });
  // A link to a directory is as good as one.
  const isRun = (name: string) => statSync(join(runsRoot, name), { throwIfNoEntry: false })?.isDirectory();
  return names.filter((name) => isRun(name) === true).sort();
}
