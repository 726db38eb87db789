import { readFile } from 'node:fs/promises';
import { findRun } from '../store/find-run.ts';
import type { RunDir } from '../store/run-dir.ts';
import type { CommonOptions } from './options.ts';
import type { World } from './world.ts';

/**
 * The baseline that was named, else that of the run's last analysis while it is still there: it need not be named again.
 * @param without What there is not without one, for a line on stderr.
 */
export async function baselineOf(
  world: World,
  options: CommonOptions & { readonly baseline?: string },
  run: RunDir,
  without: string,
): Promise<RunDir | null> {
  if (options.baseline !== undefined) return findRun(options.runs, options.baseline);
  const id = await analysedAgainst(run);
  const found = id === undefined ? null : await findRun(options.runs, id).catch(() => null);
  world.stderr.write(
    found === null
      ? `no baseline: ${without} --baseline ID\n`
      : `baseline: ${found.id}, as in the last analysis of this run\n`,
  );
  return found;
}

/** The id of the baseline in a run's analysis.json; undefined where that tells of none. */
async function analysedAgainst(run: RunDir): Promise<string | undefined> {
  try {
    const analysis: unknown = JSON.parse(await readFile(run.analysis, 'utf8'));
    const hasId = analysis !== null && typeof analysis === 'object' && 'baseline_id' in analysis;
    return hasId && typeof analysis.baseline_id === 'string' ? analysis.baseline_id : undefined;
  } catch {
    return undefined;
  }
}
