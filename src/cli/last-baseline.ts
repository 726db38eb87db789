import { readFile } from 'node:fs/promises';
import { OrchError } from '../model/errors.ts';
import { findRun } from '../store/find-run.ts';
import type { RunDir } from '../store/run-dir.ts';
import type { CommonOptions } from './options.ts';
import type { World } from './world.ts';

type BaselineOptions = CommonOptions & { readonly baseline?: string };

/**
 * The baseline that was named, else that of the run's last analysis while it is still there: it need not be named again.
 * @param without What there is not without one, for a line on stderr.
 */
export async function baselineOf(
  world: World,
  options: BaselineOptions,
  run: RunDir,
  without: string,
): Promise<RunDir | null> {
  const found = await knownBaseline(world, options, run);
  if (found === null) world.stderr.write(`no baseline: ${without} --baseline ID\n`);
  return found;
}

/**
 * The same where nothing can be done without one.
 * @throws OrchError `usage` where there is none; else as findRun
 */
export async function neededBaseline(world: World, options: BaselineOptions, run: RunDir): Promise<RunDir> {
  const found = await knownBaseline(world, options, run);
  if (found !== null) return found;
  throw new OrchError('usage', `run ${run.id} was not held against a baseline that is still there`, {
    hint: 'Name the run to hold it against with --baseline ID.',
  });
}

async function knownBaseline(world: World, options: BaselineOptions, run: RunDir): Promise<RunDir | null> {
  if (options.baseline !== undefined) return findRun(options.runs, options.baseline);
  const id = await analysedAgainst(run);
  const found = id === undefined ? null : await findRun(options.runs, id).catch(() => null);
  if (found !== null) world.stderr.write(`baseline: ${found.id}, as in the last analysis of this run\n`);
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
