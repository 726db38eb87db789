import type { AnomalyThresholds } from '../model/config.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ComparedRecovery, ComparedRun, RunTrends } from '../model/run-trends.ts';
import { readGates } from '../store/gates-reader.ts';
import type { RunDir } from '../store/run-dir.ts';
import { analyzeRuns } from './analyze.ts';
import { circumstancesOf } from './circumstances.ts';
import { type MeasuredRun, measureRun } from './measure.ts';
import { observationOf } from './observation.ts';
import { groupsOf, groupWarnings, type PlacedRun } from './run-groups.ts';
import { confidence } from './verdict.ts';

export interface CompareOptions {
  readonly runs: readonly RunDir[];
  /** What recovery is judged by; null: it is not. */
  readonly baseline: RunDir | null;
  readonly thresholds: AnomalyThresholds;
  /** A change up to this share of the median does not matter. */
  readonly effect: number;
}

/**
 * Lays runs beside each other, by their start, and says how each metric went over those that are alike.
 * @throws OrchError as `analyzeRuns` does
 */
export async function compareRuns(options: CompareOptions): Promise<RunTrends> {
  const read: PlacedRun[] = [];
  // One after the other: the rows of two large runs need not be in memory together.
  for (const dir of options.runs) read.push(await placedRun(dir, options));
  const byStart = read.toSorted((a, b) => a.run.started_at_sec - b.run.started_at_sec);
  const groups = groupsOf(byStart, options.effect);
  return {
    baseline_id: options.baseline?.id ?? null,
    runs: byStart.map(({ run }) => run),
    groups: groups.map(({ group }) => group),
    confidence,
    warnings: groups.flatMap(({ placed }) => groupWarnings(placed)),
  };
}

async function placedRun(dir: RunDir, options: CompareOptions): Promise<PlacedRun> {
  const measured = await measureRun(dir);
  const { manifest, summary, zeroSec } = measured;
  const { why, warnings, writes } = observationOf(measured);
  const { gates, problem } = await readGates(dir.gates);
  const run: ComparedRun = {
    run_id: dir.id,
    started_at_sec: manifest?.started_at_sec ?? zeroSec,
    scenario: manifest?.scenario.name ?? null,
    mode: manifest?.mode ?? null,
    status: manifest?.status ?? null,
    summary,
    recoveries: await recoveriesOf(dir, measured, options),
    lost_writes: writes.correctness?.lost_writes ?? null,
    writes_checked: writes.correctness !== null || writes.reason !== null,
    gates,
    left_out: why,
    warnings: [...warnings, ...gateWarnings(manifest, gates === null, problem)],
  };
  return { run, circumstances: circumstancesOf(manifest), manifest };
}

/** Null without a baseline. */
async function recoveriesOf(
  run: RunDir,
  { timeline }: MeasuredRun,
  { baseline, thresholds }: CompareOptions,
): Promise<readonly ComparedRecovery[] | null> {
  if (baseline === null) return null;
  const { recoveries } = await analyzeRuns({ baseline, run, thresholds });
  return recoveries.flatMap(({ fault: id, time_to_recover_sec, observed_for_sec }) => {
    const fault = timeline.faults.find((one) => one.id === id);
    if (fault === undefined) return [];
    return [{ fault: id, kind: fault.kind, node: fault.node, time_to_recover_sec, observed_for_sec }];
  });
}

function gateWarnings(
  manifest: Manifest | null,
  areUnknown: boolean,
  problem: string | null,
): readonly string[] {
  if (problem !== null) return [problem];
  const kept = manifest?.scenario.gates ?? [];
  return areUnknown && kept.length > 0 ? ['it has gates, and was not judged by them: orch gate --run'] : [];
}
