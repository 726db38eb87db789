import { analyzeRuns, type RunReport, summarizeRun } from '../analyze/analyze.ts';
import { type RequestsIn, requestsIn, type Scope } from '../analyze/requests-in.ts';
import type { Analysis, RunTables, Summary } from '../model/analysis.ts';
import type { AnomalyThresholds } from '../model/config.ts';
import type { Gate } from '../model/gate.ts';
import type { RunDir } from '../store/run-dir.ts';

/** The requests of a scope, and the seconds that they span. */
export interface Part extends RequestsIn {
  readonly durationSec: number;
}

/** All that gates are read from. */
export interface Evidence {
  readonly report: RunReport;
  /** Null where there is no baseline. */
  readonly analysis: Analysis | null;
  readonly partOf: (run: 'run' | 'baseline', scope: Scope) => Part;
}

export interface EvidenceSources {
  readonly run: RunDir;
  readonly baseline: RunDir | null;
  readonly thresholds: AnomalyThresholds;
  /** What share of requests is to succeed, in percent, as `analyzeRuns` has it. */
  readonly sloPct?: number | undefined;
  readonly gates: readonly Gate[];
}

/**
 * Reads what the gates need of a run and, where there is one, of its baseline.
 * @throws OrchError as `analyzeRuns` does
 */
export async function evidenceFor({
  run,
  baseline,
  thresholds,
  sloPct,
  gates,
}: EvidenceSources): Promise<Evidence> {
  const analysis = baseline === null ? null : await analyzeRuns({ baseline, run, thresholds, sloPct });
  const report = analysis ?? (await summarizeRun(run));
  const runParts = await partsOf(run, scopesOf(gates), report.run_tables, report.run_summary);
  const baselineParts =
    baseline === null || analysis === null
      ? new Map<string, Part>()
      : await partsOf(baseline, baselineScopesOf(gates), analysis.baseline_tables, analysis.baseline_summary);
  return {
    report,
    analysis,
    partOf: (of, scope) => {
      const part = (of === 'run' ? runParts : baselineParts).get(keyOf(scope));
      if (part === undefined) throw new Error(`nothing was read of ${of} ${keyOf(scope)}`);
      return part;
    },
  };
}

/** What a gate is held against in the baseline: its phases are others, so it is taken as a whole. */
export function baselineScopeOf({ node }: Scope): Scope {
  return { phase: null, node };
}

function scopesOf(gates: readonly Gate[]): readonly Scope[] {
  return gates.filter(({ metric }) => ['requests', 'quantile', 'regression'].includes(metric.of));
}

function baselineScopesOf(gates: readonly Gate[]): readonly Scope[] {
  return gates.filter(({ metric }) => metric.of === 'regression').map(baselineScopeOf);
}

async function partsOf(
  run: RunDir,
  scopes: readonly Scope[],
  { per_phase: phases }: RunTables,
  whole: Summary,
): Promise<ReadonlyMap<string, Part>> {
  const distinct = new Map(scopes.map((scope) => [keyOf(scope), scope]));
  const found = await requestsIn(run, [...distinct.values()]);
  return new Map(
    [...distinct].map(([key, { phase }], index) => {
      const spanned = phase === null ? whole : phases.find(({ name }) => name === phase);
      return [key, { ...found[index]!, durationSec: spanned?.duration_sec ?? 0 }];
    }),
  );
}

function keyOf({ phase, node }: Scope): string {
  return JSON.stringify([phase, node]);
}
