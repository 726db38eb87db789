import { compareRuns } from '../analyze/compare-runs.ts';
import { loadConfig } from '../config/load.ts';
import { type ExitCode, exitCode, OrchError } from '../model/errors.ts';
import { plotTrends } from '../plot/plot.ts';
import { findRun } from '../store/find-run.ts';
import { refuseNoPlace, replaceJson } from '../store/json-file.ts';
import { compareText } from './compare-text.ts';
import { keepHeapLean } from './lean-heap.ts';
import { type CommonOptions, parseEffect } from './options.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

export interface CompareCommandOptions extends CommonOptions {
  readonly baseline?: string;
  readonly effect: string;
  readonly out?: string;
  /** Where a chart is drawn: a PNG or, by its name, an SVG. */
  readonly plot?: string;
  readonly json?: boolean;
}

/** Lays runs beside each other, and says what of them has a trend. It judges nothing: that there is no verdict is none. */
export async function compareCommand(
  world: World,
  runs: readonly string[],
  options: CompareCommandOptions,
): Promise<ExitCode> {
  keepHeapLean();
  const { baseline, out, plot } = options;
  const ids = [...new Set(runs)];
  if (ids.length < 2) throw new OrchError('usage', 'there must be two runs at least to be compared');
  if (plot !== undefined && !/\.(png|svg)$/i.test(plot))
    throw new OrchError('usage', `--plot ${plot} is neither a PNG nor an SVG by its name`);
  for (const path of [out, plot]) if (path !== undefined) await refuseNoPlace(path);
  const effect = parseEffect(options.effect);
  const { config } = await loadConfig(options.config, world.cwd);
  const trends = await compareRuns({
    runs: await Promise.all(ids.map((id) => findRun(options.runs, id))),
    baseline: baseline === undefined ? null : await findRun(options.runs, baseline),
    thresholds: config.anomaly_detection,
    effect,
  });
  world.stdout.write(
    options.json === true
      ? `${JSON.stringify(trends, null, 2)}\n`
      : compareText(trends, painter(world.stdout)),
  );
  if (out !== undefined) await replaceJson(out, trends);
  if (plot !== undefined) await plotTrends(trends, plot);
  return exitCode.passed;
}
