import type { Analysis, Summary } from '../model/analysis.ts';
import type { AnomalyThresholds } from '../model/config.ts';
import type { RunDir } from '../store/run-dir.ts';
import { changePoints } from './change-points.ts';
import { type FineVerdict, fineVerdict, measureOf } from './fine-verdict.ts';
import { type Finding, runFindings } from './findings.ts';
import type { JudgedSecond, Limits } from './frame.ts';
import { readJudgeable } from './judgeable.ts';
import { type MeasuredRun, measureRun } from './measure.ts';
import { pairFindings } from './pair-findings.ts';
import { wasBrokenAtEnd } from './timeline.ts';
import { anomalyWindows, recoveryOf } from './windows.ts';

export interface AnalyzeOptions {
  readonly baseline: RunDir;
  readonly run: RunDir;
  readonly thresholds: AnomalyThresholds;
  /** What share of requests is to succeed, in percent; none: costs are not held against a budget. */
  readonly sloPct?: number | undefined;
}

/** What can be said of a run by itself: no second of it is anomalous, for that takes a baseline. */
export type RunReport = Pick<
  Analysis,
  | 'run_id'
  | 'run_summary'
  | 'run_tables'
  | 'mode'
  | 'scenario'
  | 'conclusive'
  | 'doubts'
  | 'run_status'
  | 'correctness'
  | 'correctness_reason'
  | 'faults'
  | 'phases'
  | 'seconds'
  | 'anomaly_windows'
  | 'warnings'
>;

/**
 * Holds a run against a baseline. Reads nothing but the two directories, which may be of another origin.
 * @throws OrchError `run-not-found`, `file-not-found`, `no-permission`, `no-data`
 */
export async function analyzeRuns({ baseline, run, thresholds, sloPct }: AnalyzeOptions): Promise<Analysis> {
  // One after the other: the rows of two large runs need not be in memory together.
  const measuredBaseline = await measureRun(baseline);
  const measured = run.path === baseline.path ? measuredBaseline : await measureRun(run);
  const limits = {
    throughputFloorRps: measuredBaseline.summary.throughput_rps * (1 - thresholds.throughput_drop_threshold),
    errorRate: thresholds.error_rate_threshold,
  };
  const fine = await judgeFinely(
    { dir: baseline, measured: measuredBaseline },
    { dir: run, measured },
    thresholds,
    sloPct ?? null,
  );
  const judged = await judge(measured, limits, thresholds.warmup_ignore_sec);
  const seconds = judged.map(({ row }) => row);
  const baselineSeconds = (await judge(measuredBaseline, limits, thresholds.warmup_ignore_sec)).map(
    ({ row }) => row,
  );
  const changes = changePoints({
    seconds,
    baselineSeconds,
    faults: measured.timeline.faults,
    nodes: measured.tables.per_node.map(({ name }) => name),
    windows: fine.windows,
    thresholds,
  });
  const findings = [
    ...runFindings(measuredBaseline).map((finding) => ({ ...finding, text: `baseline: ${finding.text}` })),
    ...runFindings(measured).map((finding) => ({ ...finding, text: `run: ${finding.text}` })),
    ...pairFindings(
      { measured: measuredBaseline, seconds: baselineSeconds },
      { measured, seconds },
      thresholds,
    ),
  ];
  return {
    baseline_id: baseline.id,
    run_id: run.id,
    baseline_summary: measuredBaseline.summary,
    run_summary: measured.summary,
    throughput_drop_pct: throughputDropPct(measuredBaseline.summary, measured.summary),
    anomaly_windows: anomalyWindows(judged, measured.timeline.faults),
    ...recoveryOf(seconds, {
      cutOff: measured.untoldSec !== null,
      brokenAtEnd: wasBrokenAtEnd(measured.timeline),
    }),
    ...conclusionOf(findings),
    correctness: measured.writes.correctness,
    correctness_reason: measured.writes.reason,
    baseline_status: measuredBaseline.manifest?.status ?? null,
    run_status: measured.manifest?.status ?? null,
    mode: measured.manifest?.mode ?? null,
    scenario: measured.manifest?.scenario.name ?? null,
    thresholds: { ...thresholds, throughput_floor_rps: limits.throughputFloorRps },
    ...fine,
    windows: [...fine.windows, ...changes].toSorted((a, b) => a.start_sec - b.start_sec),
    availability: measured.summary.due === 0 ? 1 : measured.summary.ok / measured.summary.due,
    slo_pct: sloPct ?? null,
    run_tables: measured.tables,
    baseline_tables: measuredBaseline.tables,
    faults: measured.timeline.faults,
    phases: measured.timeline.phases,
    seconds,
    baseline_seconds: baselineSeconds,
  };
}

interface ReadRun {
  readonly dir: RunDir;
  readonly measured: MeasuredRun;
}

/** Reads the single requests of both runs, one after the other: those of two large runs need not be in memory together. */
async function judgeFinely(
  baseline: ReadRun,
  run: ReadRun,
  thresholds: AnomalyThresholds,
  sloPct: number | null,
): Promise<FineVerdict> {
  const { faults, touched } = run.measured.timeline;
  const nodes = run.measured.tables.per_node.map(({ name }) => name);
  const read = ({ dir, measured }: ReadRun) => readJudgeable(dir, measured, thresholds.warmup_ignore_sec);
  const usual = await read(baseline);
  const measure = measureOf(usual, nodes, touched, thresholds);
  usual.moments.release();
  const judgeable = await read(run);
  const verdict = fineVerdict({ measure, run: judgeable, faults, touched, thresholds, sloPct });
  judgeable.moments.release();
  return verdict;
}

/**
 * Measures one run without a baseline.
 * @throws OrchError as `analyzeRuns` does
 */
export async function summarizeRun(run: RunDir): Promise<RunReport> {
  const measured = await measureRun(run);
  const findings = runFindings(measured);
  const nothingIsAnomalous = { throughputFloorRps: 0, errorRate: 1 };
  return {
    run_id: run.id,
    run_summary: measured.summary,
    run_tables: measured.tables,
    mode: measured.manifest?.mode ?? null,
    scenario: measured.manifest?.scenario.name ?? null,
    ...conclusionOf(findings),
    run_status: measured.manifest?.status ?? null,
    correctness: measured.writes.correctness,
    correctness_reason: measured.writes.reason,
    faults: measured.timeline.faults,
    phases: measured.timeline.phases,
    seconds: (await judge(measured, nothingIsAnomalous, 0)).map(({ row }) => row),
    anomaly_windows: [],
  };
}

function conclusionOf(findings: readonly Finding[]): Pick<Analysis, 'conclusive' | 'doubts' | 'warnings'> {
  const doubts = findings.filter(({ grave }) => grave).map(({ text }) => text);
  return { conclusive: doubts.length === 0, doubts, warnings: findings.map(({ text }) => text) };
}

async function judge(run: MeasuredRun, limits: Limits, warmupIgnoreSec: number): Promise<JudgedSecond[]> {
  // danfo takes half a second and 130 MB: it is loaded when the rows are gone, and by nobody who does not need it.
  const { secondFrame, judgedSeconds } = await import('./frame.ts');
  const counted = run.complete.map((complete, sec) => complete && sec >= warmupIgnoreSec);
  return judgedSeconds(secondFrame(run.seconds, counted, limits));
}

function throughputDropPct(baseline: Summary, run: Summary): number | null {
  if (baseline.throughput_rps === 0) return null;
  return ((baseline.throughput_rps - run.throughput_rps) / baseline.throughput_rps) * 100;
}
