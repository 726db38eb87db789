import { OrchError } from '../model/errors.ts';
import type { SeriesPlace } from '../model/manifest.ts';
import { listRunIds } from './find-run.ts';
import { readManifest } from './manifest-reader.ts';
import { type RunDir, runDir } from './run-dir.ts';

/** The runs of a series, by their sides, in the order of their pairs. */
export type SeriesRuns = Readonly<Record<SeriesPlace['side'], readonly RunDir[]>>;

/** @throws OrchError `run-not-found` where no run belongs to it; else as `listRunIds` and `readManifest` */
export async function findSeries(runsRoot: string, id: string): Promise<SeriesRuns> {
  // The runs of a series begin with its id: the manifests of others need not be read.
  const ids = (await listRunIds(runsRoot)).filter((runId) => runId.startsWith(`${id}-`));
  const found = await Promise.all(
    ids.map(async (runId) => {
      const run = runDir(runsRoot, runId);
      return { run, place: (await readManifest(run.manifest)).manifest?.series };
    }),
  );
  const own = found.filter(({ place }) => place?.id === id);
  if (own.length === 0)
    throw new OrchError('run-not-found', `there is no series ${id} in ${runsRoot}`, {
      hint: '`orch run --repeat` makes one; `orch runs` lists the runs.',
    });
  const byPair = own.toSorted((a, b) => (a.place?.pair ?? 0) - (b.place?.pair ?? 0));
  const of = (side: SeriesPlace['side']) =>
    byPair.filter(({ place }) => place?.side === side).map(({ run }) => run);
  return { baseline: of('baseline'), fault: of('fault') };
}
