import { relative, resolve } from 'node:path';
import { annotations } from '../gate/annotations.ts';
import { type Evidence, evidenceFor } from '../gate/evidence.ts';
import { type GateReport, judge } from '../gate/judge.ts';
import { junitXml } from '../gate/junit.ts';
import { headline } from '../gate/lines.ts';
import { gateMarkdown } from '../gate/markdown.ts';
import type { Config } from '../model/config.ts';
import { OrchError } from '../model/errors.ts';
import type { PlacedGate } from '../model/gate.ts';
import type { Manifest } from '../model/manifest.ts';
import { appendFile } from '../store/append-file.ts';
import { replaceFile, replaceJson } from '../store/json-file.ts';
import type { RunDir } from '../store/run-dir.ts';
import type { GateOptions } from './gate-options.ts';
import { gateText } from './gate-text.ts';
import { reportError } from './report-error.ts';
import { painter } from './style.ts';
import type { Output, World } from './world.ts';

export interface GateRequest {
  readonly run: RunDir;
  readonly baseline: RunDir | null;
  readonly manifest: Manifest | null;
  readonly config: Pick<Config, 'anomaly_detection' | 'slo'>;
  readonly gates: readonly PlacedGate[];
}

/**
 * Judges a run by its gates and tells all who are to know: the person at `output`, the run's directory, and CI.
 * @throws OrchError as `evidenceFor` does, and where a file cannot be written
 */
export async function passGates(
  world: World,
  request: GateRequest,
  options: GateOptions,
  tell: (report: GateReport) => void,
): Promise<GateReport> {
  const { report, keep } = await judgeByGates(request);
  await tellAll(world, report, options, tell);
  await keep();
  return report;
}

/**
 * What gates are read from, by the thresholds and the SLO of a config.
 * @throws OrchError as `evidenceFor` does
 */
export function evidenceOf({
  run,
  baseline,
  config,
  gates,
}: Omit<GateRequest, 'manifest'>): Promise<Evidence> {
  return evidenceFor({
    run,
    baseline,
    thresholds: config.anomaly_detection,
    sloPct: config.slo,
    gates: gates.map(({ gate }) => gate),
  });
}

/** @throws OrchError as `evidenceFor` does */
export async function judgeByGates({ run, baseline, manifest, config, gates }: GateRequest): Promise<{
  readonly report: GateReport;
  /** Writes what was found into the run's directory. */
  readonly keep: () => Promise<void>;
}> {
  const evidence = await evidenceOf({ run, baseline, config, gates });
  const report = judge(gates, evidence, manifest);
  return {
    report,
    async keep() {
      if (evidence.analysis !== null) await replaceJson(run.analysis, evidence.analysis);
      await replaceJson(run.gates, report);
    },
  };
}

/** @throws OrchError where a file cannot be written */
export async function tellAll(
  world: World,
  report: GateReport,
  options: GateOptions,
  tell: (report: GateReport) => void,
): Promise<void> {
  tell(report);
  reportVerdict(world, report);
  await tellCi(world, report, options);
}

/** The report for people, at an output of the world. */
export function tellReport(report: GateReport, output: Output): void {
  output.write(gateText(report, painter(output)));
}

/** A fault that could not be undone, and a steady state that was lost, have codes of their own. */
function reportVerdict(world: World, report: GateReport): void {
  const hasFailed = report.gates.some(({ status }) => status === 'failed');
  if (!hasFailed && report.status !== 'inconclusive') return;
  const code = hasFailed ? 'gate-failed' : 'gate-inconclusive';
  reportError(world, new OrchError(code, `${report.run_id}: ${headline(report)}`));
}

async function tellCi({ cwd, env, stderr }: World, report: GateReport, options: GateOptions): Promise<void> {
  const { junit, markdown, github } = options;
  if (junit !== undefined) await replaceFile(junit, junitXml(report));
  if (markdown !== undefined) await replaceFile(markdown, gateMarkdown(report));
  if (github !== true && env['GITHUB_ACTIONS'] !== 'true') return;
  const root = env['GITHUB_WORKSPACE'] ?? cwd;
  for (const line of annotations(report, (file) => relative(root, resolve(cwd, file))))
    stderr.write(`${line}\n`);
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined) await appendFile(summary, gateMarkdown(report));
}
