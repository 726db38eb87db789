import { analyzeSeries } from '../analyze/series.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { findRun } from '../store/find-run.ts';
import { findSeries } from '../store/find-series.ts';
import { replaceJson } from '../store/json-file.ts';
import { keepHeapLean } from './lean-heap.ts';
import { parseEffect } from './options.ts';
import { seriesText } from './series-text.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

export interface AnalyzeSeriesOptions {
  readonly runs: string;
  /** In place of `baseline` and `run`. */
  readonly series?: string;
  readonly baseline?: readonly string[];
  readonly run?: readonly string[];
  readonly effect: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Runs against runs: those of a series, or those that were named. */
export async function analyzeSeriesCommand(world: World, options: AnalyzeSeriesOptions): Promise<ExitCode> {
  keepHeapLean();
  const effect = parseEffect(options.effect);
  const analysis = await analyzeSeries({ ...(await asked(options)), effect });
  world.stdout.write(
    options.json === true
      ? `${JSON.stringify(analysis, null, 2)}\n`
      : seriesText(analysis, painter(world.stdout)),
  );
  if (options.out !== undefined) await replaceJson(options.out, analysis);
  return analysis.conclusive ? exitCode.passed : exitCode.inconclusive;
}

async function asked({ runs: root, series, baseline = [], run = [] }: AnalyzeSeriesOptions) {
  const all = (ids: readonly string[]) => Promise.all([...new Set(ids)].map((id) => findRun(root, id)));
  if (series === undefined) return { seriesId: null, baselines: await all(baseline), runs: await all(run) };
  if (baseline.length > 0 || run.length > 0)
    throw new OrchError('usage', '--series names its runs itself: leave out --baseline and --run');
  const { baseline: baselines, fault: runs } = await findSeries(root, series);
  return { seriesId: series, baselines, runs };
}
