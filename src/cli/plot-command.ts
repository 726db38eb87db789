import { readFile } from 'node:fs/promises';
import { analyzeRuns, summarizeRun } from '../analyze/analyze.ts';
import { loadConfig } from '../config/load.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import { plotComparison, plotThroughput } from '../plot/plot.ts';
import { findRun } from '../store/find-run.ts';
import type { RunDir } from '../store/run-dir.ts';
import { keepHeapLean } from './lean-heap.ts';
import type { CommonOptions } from './options.ts';
import type { World } from './world.ts';

export interface PlotOptions extends CommonOptions {
  readonly run: string;
  readonly baseline?: string;
  readonly json?: boolean;
}

export async function plotCommand(world: World, options: PlotOptions): Promise<ExitCode> {
  keepHeapLean();
  const { config } = await loadConfig(options.config, world.cwd);
  const run = await findRun(options.runs, options.run);
  const baseline = await baselineOf(world, options, run);
  const paths: string[] = [];
  if (baseline === null) {
    paths.push(...(await plotThroughput(await summarizeRun(run), run.path)));
  } else {
    const analysis = await analyzeRuns({
      baseline,
      run,
      thresholds: config.anomaly_detection,
      sloPct: config.slo,
    });
    paths.push(...(await plotThroughput(analysis, run.path)), ...(await plotComparison(analysis, run.path)));
  }
  world.stdout.write(
    options.json === true ? `${JSON.stringify({ files: paths }, null, 2)}\n` : `${paths.join('\n')}\n`,
  );
  return exitCode.passed;
}

/** The baseline that was named, else that of the run's last analysis while it is still there: it need not be named again. */
async function baselineOf(world: World, options: PlotOptions, run: RunDir): Promise<RunDir | null> {
  if (options.baseline !== undefined) return findRun(options.runs, options.baseline);
  const id = await analysedAgainst(run);
  const found = id === undefined ? null : await findRun(options.runs, id).catch(() => null);
  world.stderr.write(
    found === null
      ? 'no baseline: comparison.png needs --baseline ID\n'
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
