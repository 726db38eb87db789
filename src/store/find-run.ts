import { readdir, stat } from 'node:fs/promises';
import { OrchError } from '../model/errors.ts';
import { type RunDir, runDir } from './run-dir.ts';
import { checkRunId } from './run-id.ts';

/** @throws OrchError `run-not-found` (naming the runs that there are), `usage` */
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
        : `There are: ${ids.slice(-10).join(', ')}`,
  });
}

/** The ids of all runs, sorted; none where the directory does not exist. */
export async function listRunIds(runsRoot: string): Promise<readonly string[]> {
  const entries = await readdir(runsRoot, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
