import type { Analysis, FaultSpan } from '../model/analysis.ts';
import type { AnomalyThresholds } from '../model/config.ts';
import { costsOf } from './costs.ts';
import { fineWindows } from './fine-windows.ts';
import { type Profile, ProfileTally } from './profile.ts';
import { recoveriesOf } from './recoveries.ts';
import { type Scope, scopesByNode, scopesOf } from './scopes.ts';
import type { Judgeable } from './judgeable.ts';
import { sharpened } from './sharpen.ts';
import { type Alarms, alarmsOf, watchRun } from './watch-run.ts';

/** What a baseline says of the requests of each scope: what is usual, and how much evidence it takes for more. */
export interface Measure {
  readonly scopes: readonly Scope[];
  readonly profiles: readonly (Profile | null)[];
  readonly alarms: Alarms;
}

export interface VerdictRequest {
  readonly measure: Measure;
  readonly run: Judgeable;
  readonly faults: readonly FaultSpan[];
  readonly touched: ReadonlyMap<string, readonly string[]>;
  readonly thresholds: AnomalyThresholds;
  readonly sloPct: number | null;
}

export type FineVerdict = Pick<Analysis, 'windows' | 'recoveries' | 'costs'>;

/** @param nodes Of the run that is to be measured by it. */
export function measureOf(
  baseline: Judgeable,
  nodes: readonly string[],
  touched: ReadonlyMap<string, readonly string[]>,
  thresholds: AnomalyThresholds,
): Measure {
  const { moments, fromSec, toSec } = baseline;
  const scopes = scopesOf(
    nodes,
    [...touched.values()].map((set) => set.filter((name) => nodes.includes(name))),
  );
  const tallies = scopes.map(() => new ProfileTally());
  const byNode = scopesByNode(scopes, moments.nodes);
  moments.each(fromSec, toSec, (_, node, outcome, latencyMs) => {
    for (const scope of byNode[node]!) tallies[scope]!.see(outcome, latencyMs);
  });
  const profiles = tallies.map((tally) => tally.profile(toSec - fromSec, thresholds));
  return { scopes, profiles, alarms: alarmsOf(baseline, scopes, profiles, thresholds) };
}

/** What single requests say of a run; nothing, where its baseline has none that can be judged. */
export function fineVerdict({
  measure,
  run,
  faults,
  touched,
  thresholds,
  sloPct,
}: VerdictRequest): FineVerdict {
  const { scopes, profiles, alarms } = measure;
  const [profile] = profiles;
  if (profile === null || profile === undefined) return { windows: [], recoveries: [], costs: [] };
  const ground = { run, scopes, profiles };
  const found = sharpened(watchRun(run, scopes, profiles, thresholds, alarms), ground);
  const evidence = { ...ground, found, faults };
  const recoveries = recoveriesOf({ ...evidence, touched, thresholds });
  const windows = fineWindows({
    ...evidence,
    touched,
    throughputDropThreshold: thresholds.throughput_drop_threshold,
  });
  return { windows, recoveries, costs: costsOf({ ...ground, recoveries, windows, faults, touched, sloPct }) };
}
