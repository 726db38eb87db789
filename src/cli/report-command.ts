import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { readExamples } from '../analyze/examples.ts';
import { loadConfig } from '../config/load.ts';
import { judge } from '../gate/judge.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import type { ReportFacts } from '../report/facts.ts';
import { makeReport } from '../report/report.ts';
import { verdictOf } from '../report/verdict.ts';
import { findRun } from '../store/find-run.ts';
import { refuseNoPlace, replaceFile, replaceJson } from '../store/json-file.ts';
import { readManifest } from '../store/manifest-reader.ts';
import type { RunDir } from '../store/run-dir.ts';
import { keptGates, parseGates } from './gate-options.ts';
import { baselineOf } from './last-baseline.ts';
import { keepHeapLean } from './lean-heap.ts';
import type { CommonOptions } from './options.ts';
import { evidenceOf } from './pass-gates.ts';
import type { World } from './world.ts';

export interface ReportOptions extends CommonOptions {
  readonly run: string;
  readonly baseline?: string;
  readonly gate?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

/** Writes a run's report. What the run came to is told in it, and not by the exit code: `orch gate` is for that. */
export async function reportCommand(world: World, options: ReportOptions): Promise<ExitCode> {
  keepHeapLean();
  const named = parseGates(options.gate);
  if (options.out !== undefined) await refuseNoPlace(options.out);
  const { config, gates: configured } = await loadConfig(options.config, world.cwd);
  const run = await findRun(options.runs, options.run);
  const baseline = await baselineOf(world, options, run, 'comparison, recovery and cost need');
  const { manifest } = await readManifest(run.manifest);
  const gates = [...keptGates(manifest), ...configured, ...named];
  const evidence = await evidenceOf({ run, baseline, config, gates });
  const path = options.out ?? run.report;
  const facts: ReportFacts = {
    run: evidence.report,
    analysis: evidence.analysis,
    gates: judge(gates, evidence, manifest),
    examples: await readExamples(run, evidence.report),
    manifest,
    files: await filesOf(run, path, evidence.analysis === null ? [] : ['analysis.json']),
    version: world.versions.orch,
  };
  await replaceFile(path, await makeReport(facts));
  const { state, sentence } = verdictOf(facts);
  const told = { file: path, state, sentence, gates: facts.gates.gates };
  world.stdout.write(options.json === true ? `${JSON.stringify(told, null, 2)}\n` : `${path}\n`);
  // Every number of the report can be found there. It is written last: a report of a read-only run is one all the same.
  if (evidence.analysis !== null) await replaceJson(run.analysis, evidence.analysis);
  return exitCode.passed;
}

/** In the order in which they are listed. */
const known = [
  'manifest.json',
  'metrics.csv',
  'redis_metrics.csv',
  'events.jsonl',
  'writes.jsonl',
  'analysis.json',
  'gates.json',
  'summary.md',
  'throughput.png',
  'throughput.svg',
  'comparison.png',
  'comparison.svg',
];

/** The run's files, as seen from the report: those that are there, and those that are about to be. */
async function filesOf(
  run: RunDir,
  report: string,
  coming: readonly string[],
): Promise<ReportFacts['files']> {
  const there = new Set([...(await readdir(run.path)), ...coming]);
  const directory = dirname(resolve(report));
  return known
    .filter((name) => there.has(name))
    .map((name) => ({
      name,
      path: relative(directory, resolve(join(run.path, name))).replaceAll(sep, '/'),
    }));
}
