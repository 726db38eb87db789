import type { AnomalyThresholds } from '../model/config.ts';
import { GapWatch } from './gap-watch.ts';
import type { Judgeable } from './judgeable.ts';
import { ok } from './moments.ts';
import type { Band, LatencyProfile, Profile } from './profile.ts';
import { type Scope, scopesByNode } from './scopes.ts';
import { type Shift, ShiftWatch } from './shift-watch.ts';

export type Symptom = 'errors' | 'median' | 'tail' | 'gaps';
const symptoms: readonly Symptom[] = ['errors', 'median', 'tail', 'gaps'];

/** A stretch of the run in which the requests of a scope were not as in the baseline. */
export interface Found extends Shift {
  /** The number of the scope. */
  readonly scope: number;
  readonly symptom: Symptom;
}

/** The evidence for a change that is believed: e^17 observations lie between two false alarms. */
const leastAlarm = 17;
/** The baseline's own hiccups raise it, with a margin; not beyond what an outage of some seconds shows. */
const margin = 1.5;
const mostAlarm = 60;

/** The evidence it takes, for each scope. */
export type Alarms = readonly Readonly<Record<Symptom, number>>[];

/** What the baseline does by itself is no alarm: as much evidence, and half as much again, has to be there. */
export function alarmsOf(
  baseline: Judgeable,
  scopes: readonly Scope[],
  profiles: readonly (Profile | null)[],
  thresholds: AnomalyThresholds,
): Alarms {
  const never = { errors: Infinity, median: Infinity, tail: Infinity, gaps: Infinity };
  const watches = watched(
    baseline,
    scopes,
    profiles,
    thresholds,
    scopes.map(() => never),
  );
  const alarm = (peak = 0) => Math.min(Math.max(peak * margin, leastAlarm), mostAlarm);
  return watches.map((watch) => ({
    errors: alarm(watch?.errors.peak),
    median: alarm(watch?.median?.peak),
    tail: alarm(watch?.tail?.peak),
    gaps: alarm(watch?.gaps?.peak),
  }));
}

/** Looks through a run for all that is not as in its baseline. */
export function watchRun(
  run: Judgeable,
  scopes: readonly Scope[],
  profiles: readonly (Profile | null)[],
  thresholds: AnomalyThresholds,
  alarms: Alarms,
): Found[] {
  return watched(run, scopes, profiles, thresholds, alarms).flatMap((watch, scope) =>
    symptoms.flatMap(
      (symptom) =>
        watch?.[symptom]?.shifts.map((shift) => ({
          ...shift,
          uncertaintySec: Math.max(shift.uncertaintySec, run.moments.wholeSeconds ? 1 : 0),
          scope,
          symptom,
        })) ?? [],
    ),
  );
}

/** The watches of a scope; null where the baseline gives no measure for one. */
interface Watches {
  readonly errors: ShiftWatch;
  readonly median: ShiftWatch | null;
  readonly tail: ShiftWatch | null;
  readonly gaps: GapWatch | null;
  readonly latency: LatencyProfile | null;
}

function watched(
  run: Judgeable,
  scopes: readonly Scope[],
  profiles: readonly (Profile | null)[],
  thresholds: AnomalyThresholds,
  alarms: Alarms,
): readonly (Watches | null)[] {
  const { moments, fromSec, toSec, steady } = run;
  const watches = profiles.map((profile, scope) =>
    profile === null ? null : watchesOf(profile, thresholds, alarms[scope]!, steady !== null),
  );
  const byNode = scopesByNode(scopes, moments.nodes).map((own) =>
    own.map((scope) => watches[scope]).filter((watch) => watch !== null && watch !== undefined),
  );
  const spans = steady ?? [];
  let span = 0;
  moments.each(fromSec, toSec, (sec, node, outcome, latencyMs) => {
    while (span < spans.length && sec >= spans[span]!.start_sec) {
      for (const watch of watches) watch?.gaps?.skipTo(Math.max(spans[span]!.start_sec, fromSec));
      span += 1;
    }
    for (const watch of byNode[node]!) {
      watch.errors.see(sec, outcome !== ok);
      watch.gaps?.see(sec);
      if (outcome !== ok || watch.latency === null) continue;
      watch.median?.see(sec, latencyMs > watch.latency.median.limitMs);
      watch.tail?.see(sec, latencyMs > watch.latency.tail.limitMs);
    }
  });
  for (const watch of watches) for (const symptom of symptoms) watch?.[symptom]?.end();
  return watches;
}

/** How long a scope's requests have to be as usual before they are said to be so again: some windows of as many requests. */
export function holdSec(
  { dueRps }: Pick<Profile, 'dueRps'>,
  { recovery_windows: windows }: AnomalyThresholds,
): number {
  return windows * windowSec(dueRps);
}

const requestsPerWindow = 10;

/** The width of a fine window: ten requests, between 0.1 s and 1 s. */
function windowSec(dueRps: number): number {
  return Math.min(Math.max(requestsPerWindow / dueRps, 0.1), 1);
}

function watchesOf(
  profile: Profile,
  thresholds: AnomalyThresholds,
  alarm: Alarms[number],
  isSteady: boolean,
): Watches {
  const hold = holdSec(profile, thresholds);
  const usualErrors = between(profile.errorRate * 1.5, 0.01, 0.45);
  const latency = (symptom: LatencySymptom) => {
    const band = profile.latency?.[symptom];
    if (band === undefined) return null;
    return new ShiftWatch({ ...sharesOf(band, symptom), alarm: alarm[symptom], holdSec: hold });
  };
  return {
    errors: new ShiftWatch({
      usual: usualErrors,
      shifted: between(thresholds.error_rate_threshold, usualErrors * 2, 0.95),
      alarm: alarm.errors,
      holdSec: hold,
    }),
    median: latency('median'),
    tail: latency('tail'),
    gaps: isSteady
      ? new GapWatch({
          usualRps: profile.dueRps,
          lowRps: profile.dueRps * between(1 - thresholds.throughput_drop_threshold, 0.05, 0.9),
          alarm: alarm.gaps,
          holdSec: hold,
        })
      : null,
    latency: profile.latency,
  };
}

export type LatencySymptom = Extract<Symptom, 'median' | 'tail'>;

/** More than half of the successes above its limit shift the median; a fifth of them is more than a tail has. */
const shiftedShare: Readonly<Record<LatencySymptom, number>> = { median: 0.5, tail: 0.2 };

/** The shares of successes above the limit of a band that are usual, and that are a shift. */
export function sharesOf(
  { usualShare }: Band,
  symptom: LatencySymptom,
): { readonly usual: number; readonly shifted: number } {
  const usual = between(usualShare, 0.01, 0.8);
  return { usual, shifted: Math.max(shiftedShare[symptom], usual + (1 - usual) / 5) };
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
