import { parseYaml } from '../config/yaml.ts';
import type { Checked, RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { faultEntries, loadEntries, requestEntries } from './journal-events.ts';
import { activityOf, type ActivityEntry, type Entry, entryOf, inMs, isoTime } from './journal-entry.ts';

/** The journal of Chaos Toolkit: what a run did, for tools that read it. Field names are its format's own. */

/** What one look at the steady state saw. */
interface SteadyState {
  readonly steady_state_met: boolean;
  readonly probes: readonly (Entry & { readonly tolerance_met: boolean })[];
}

export interface ExperimentJournal {
  readonly 'chaoslib-version': string;
  readonly platform: string;
  readonly node: string;
  readonly experiment: Readonly<Record<string, unknown>>;
  readonly start: string;
  readonly status: 'completed' | 'failed' | 'aborted' | 'interrupted';
  readonly deviated: boolean;
  readonly steady_states: {
    readonly before: SteadyState | null;
    readonly after: SteadyState | null;
    readonly during: readonly SteadyState[];
  };
  readonly run: readonly Entry[];
  readonly rollbacks: readonly Entry[];
  readonly end: string;
  /** In seconds. */
  readonly duration: number;
}

/**
 * The journal of a run, also of one that was interrupted or failed.
 * @param events In the order in which they were written.
 */
export function experimentJournal(manifest: Manifest, events: readonly RunEvent[]): ExperimentJournal {
  const checks = events.filter((event) => event.type === 'check');
  const at = (moment: Checked['moment']) => checks.filter((check) => check.moment === moment);
  const before = steadyState(at('before'));
  const after = steadyState(at('after'));
  const during = at('during').flatMap((check) => steadyState([check]) ?? []);
  // What was not well to begin with has not deviated; nor has what is well again when all is undone.
  const wasWell = before?.steady_state_met !== false;
  const deviated = wasWell && after?.steady_state_met === false;
  const entries = [...faultEntries(events), ...loadEntries(events), ...requestEntries(events)];
  const ofRun = inOrder(entries.filter(({ isRollback }) => !isRollback));
  const ofRollbacks = inOrder(entries.filter(({ isRollback }) => isRollback));
  const endSec = manifest.ended_at_sec ?? events.at(-1)?.wall_sec ?? manifest.started_at_sec;
  return {
    'chaoslib-version': `orch ${manifest.versions.orch}`,
    platform: manifest.host.os,
    node: manifest.host.name,
    experiment: experimentOf(manifest, checks, ofRun, ofRollbacks),
    start: isoTime(manifest.started_at_sec),
    status: statusOf(manifest, wasWell, deviated),
    deviated,
    steady_states: { before, after, during },
    run: ofRun,
    rollbacks: ofRollbacks,
    end: isoTime(endSec),
    duration: inMs(endSec - manifest.started_at_sec),
  };
}

function steadyState(checks: readonly Checked[]): SteadyState | null {
  if (checks.length === 0) return null;
  return { steady_state_met: checks.every(({ holds }) => holds), probes: checks.map(probeEntry) };
}

function probeEntry(check: Checked): SteadyState['probes'][number] {
  const { name, holds, evidence, took_ms: tookMs, wall_sec: endSec } = check;
  const span = { startSec: endSec - tookMs / 1000, endSec };
  const entry = entryOf(activityOf('probe', name, ['check', name]), span, holds, evidence);
  return { ...entry, tolerance_met: holds };
}

function statusOf({ status }: Manifest, wasWell: boolean, deviated: boolean): ExperimentJournal['status'] {
  // A run that a condition of its scenario ended is what Chaos Toolkit calls interrupted: by a safeguard.
  if (status === 'interrupted' || status === 'stopped') return 'interrupted';
  if (!wasWell || deviated) return 'failed';
  return status === 'complete' ? 'completed' : 'aborted';
}

/** The run as an experiment of Chaos Toolkit would say it. */
function experimentOf(
  { scenario }: Manifest,
  checks: readonly Checked[],
  run: readonly Entry[],
  rollbacks: readonly Entry[],
): ExperimentJournal['experiment'] {
  const probes = new Map(
    checks.map((check) => [check.name, { ...probeEntry(check).activity, tolerance: true }]),
  );
  return {
    version: '1.0.0',
    title: scenario.name,
    description: descriptionOf(scenario.text) ?? scenario.name,
    ...(probes.size === 0
      ? {}
      : { 'steady-state-hypothesis': { title: 'Steady state', probes: [...probes.values()] } }),
    method: run.map(({ activity }) => activity),
    rollbacks: rollbacks.map(({ activity }) => activity),
  };
}

function descriptionOf(text: string): string | undefined {
  const { value } = parseYaml(text);
  if (value === null || typeof value !== 'object' || !('description' in value)) return undefined;
  return typeof value.description === 'string' ? value.description : undefined;
}

function inOrder(entries: readonly ActivityEntry[]): readonly Entry[] {
  return entries.toSorted((one, other) => one.startSec - other.startSec).map(({ entry }) => entry);
}
