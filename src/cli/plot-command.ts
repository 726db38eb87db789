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
  const baselineId = options.baseline ?? (await analysedAgainst(run));
  const paths: string[] = [];
  if (baselineId === undefined) {
    paths.push(...(await plotThroughput(await summarizeRun(run), run.path)));
    world.stderr.write('no baseline: comparison.png needs --baseline ID\n');
  } else {
    const baseline = await findRun(options.runs, baselineId);
    const analysis = await analyzeRuns({ baseline, run, thresholds: config.anomaly_detection });
    paths.push(...(await plotThroughput(analysis, run.path)), ...(await plotComparison(analysis, run.path)));
  }
  world.stdout.write(
    options.json === true ? `${JSON.stringify({ files: paths }, null, 2)}\n` : `${paths.join('\n')}\n`,
  );
  return exitCode.passed;
}

/** The baseline of the last `orch analyze` of this run, so that it need not be named again. */
async function analysedAgainst(run: RunDir): Promise<string | undefined> {
  try {
    const analysis: unknown = JSON.parse(await readFile(run.analysis, 'utf8'));
    const hasId = analysis !== null && typeof analysis === 'object' && 'baseline_id' in analysis;
    return hasId && typeof analysis.baseline_id === 'string' ? analysis.baseline_id : undefined;
  } catch {
    return undefined;
  }
}
