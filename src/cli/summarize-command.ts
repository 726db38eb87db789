import { analyzeRuns } from '../analyze/analyze.ts';
import { loadConfig } from '../config/load.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import { findRun } from '../store/find-run.ts';
import { replaceFile } from '../store/json-file.ts';
import { summarize } from '../summarize/summarize.ts';
import { neededBaseline } from './last-baseline.ts';
import { keepHeapLean } from './lean-heap.ts';
import type { CommonOptions } from './options.ts';
import type { World } from './world.ts';

export interface SummarizeOptions extends CommonOptions {
  readonly baseline?: string;
  readonly run: string;
  readonly out?: string;
  readonly json?: boolean;
}

export async function summarizeCommand(world: World, options: SummarizeOptions): Promise<ExitCode> {
  keepHeapLean();
  const { config } = await loadConfig(options.config, world.cwd);
  const run = await findRun(options.runs, options.run);
  const baseline = await neededBaseline(world, options, run);
  const analysis = await analyzeRuns({
    baseline,
    run,
    thresholds: config.anomaly_detection,
    sloPct: config.slo,
  });
  const { markdown, source, reason } = await summarize(analysis, {
    config: config.llm,
    apiKey: world.env['GROQ_API_KEY'],
  });
  if (reason !== null) world.stderr.write(`written from the template: ${reason}\n`);
  const told =
    options.json === true ? `${JSON.stringify({ source, reason, markdown }, null, 2)}\n` : markdown;
  world.stdout.write(told);
  if (options.out !== undefined) await replaceFile(options.out, markdown);
  await replaceFile(run.summary, markdown);
  return exitCode.passed;
}
