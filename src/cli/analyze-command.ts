import { analyzeRuns } from '../analyze/analyze.ts';
import { loadConfig } from '../config/load.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { findRun } from '../store/find-run.ts';
import { replaceJson } from '../store/json-file.ts';
import { type AnalyzeSeriesOptions, analyzeSeriesCommand } from './analyze-series.ts';
import { analysisText } from './analysis-text.ts';
import { keepHeapLean } from './lean-heap.ts';
import type { CommonOptions } from './options.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

export interface AnalyzeOptions extends CommonOptions {
  readonly baseline: string;
  readonly run: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** One run against one baseline, or several against several. */
export async function analyzeAsked(
  world: World,
  options: CommonOptions & AnalyzeSeriesOptions,
): Promise<ExitCode> {
  const { baseline = [], run = [], series, ...others } = options;
  const isOneOfEach = baseline.length === 1 && run.length === 1;
  if (isOneOfEach && series === undefined)
    return analyzeCommand(world, { ...others, baseline: baseline[0]!, run: run[0]! });
  if (series === undefined && (baseline.length === 0 || run.length === 0))
    throw new OrchError('usage', 'it needs --baseline and --run, or --series');
  return analyzeSeriesCommand(world, options);
}

export async function analyzeCommand(world: World, options: AnalyzeOptions): Promise<ExitCode> {
  keepHeapLean();
  const { config } = await loadConfig(options.config, world.cwd);
  const baseline = await findRun(options.runs, options.baseline);
  const run = await findRun(options.runs, options.run);
  const analysis = await analyzeRuns({
    baseline,
    run,
    thresholds: config.anomaly_detection,
    sloPct: config.slo,
  });
  world.stdout.write(
    options.json === true
      ? `${JSON.stringify(analysis, null, 2)}\n`
      : analysisText(analysis, painter(world.stdout)),
  );
  // Told before it is written: a run in a directory that is full or read-only can be analysed all the same.
  if (options.out !== undefined) await replaceJson(options.out, analysis);
  await replaceJson(run.analysis, analysis);
  return analysis.conclusive ? exitCode.passed : exitCode.inconclusive;
}
