import { analyzeRuns, summarizeRun } from '../analyze/analyze.ts';
import { loadConfig } from '../config/load.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import { plotComparison, plotThroughput } from '../plot/plot.ts';
import { findRun } from '../store/find-run.ts';
import { baselineOf } from './last-baseline.ts';
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
  const baseline = await baselineOf(world, options, run, 'comparison.png needs');
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
