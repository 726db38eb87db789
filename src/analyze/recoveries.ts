import type { FaultSpan } from '../model/analysis.ts';
import type { AnomalyThresholds } from '../model/config.ts';
import type { FaultRecovery, Recovery } from '../model/recovery.ts';
import { type Ground, isBelieved } from './belief.ts';
import { rounded } from './fine-windows.ts';
import { longestOutage, type Outage } from './outage.ts';
import type { Profile } from './profile.ts';
import type { Judgeable } from './judgeable.ts';
import { type Found, holdSec } from './watch-run.ts';

/** A fault may show so long before it was seen to be effective, and so long after it was seen to be over. */
const slackSec = 1;

export interface Evidence extends Ground {
  readonly found: readonly Found[];
  readonly faults: readonly FaultSpan[];
  /** By the id of a fault: the nodes that it may show at. */
  readonly touched: ReadonlyMap<string, readonly string[]>;
  readonly thresholds: AnomalyThresholds;
}

/** A fault that took effect. */
type Effective = FaultSpan & { readonly effective_sec: number };

/** How the run came through each fault that took effect. */
export function recoveriesOf(evidence: Evidence): FaultRecovery[] {
  return evidence.faults.filter(isEffective).map((fault) => {
    const { moments } = evidence.run;
    const nodes = moments.nodes.filter((name) => evidence.touched.get(fault.id)?.includes(name));
    const scope = scopeOf(nodes, evidence);
    const ofAll = recoveryOf(fault, 0, evidence);
    return {
      fault: fault.id,
      nodes,
      judged_by: scope === null ? 'all' : 'nodes',
      ...(scope === null || scope === 0 ? ofAll : recoveryOf(fault, scope, evidence)),
      all_requests: ofAll,
    };
  });
}

/** The scope of exactly these nodes' requests; null where they had none, in the run or in the baseline. */
function scopeOf(nodes: readonly string[], { scopes, profiles, run }: Evidence): number | null {
  if (nodes.length === 0) return null;
  if (nodes.length === run.moments.nodes.length) return 0;
  const wanted = nodes.toSorted().join('\n');
  const scope = scopes.findIndex((each) => each.nodes?.join('\n') === wanted);
  return scope < 0 || profiles[scope] === null ? null : scope;
}

function recoveryOf(fault: Effective, scope: number, evidence: Evidence): Recovery {
  const { run, scopes, profiles, thresholds } = evidence;
  const profile = profiles[scope]!;
  const { effective_sec: effectiveSec, undone_sec: undoneSec } = fault;
  const untilSec = observedUntil(fault, scope, evidence);
  const observed_for_sec = after(untilSec, effectiveSec);
  const shifts = shiftsOf(fault, scope, untilSec, evidence);
  const [first] = shifts;
  if (first === undefined) return { ...undisturbed, observed_for_sec };
  const endSec = Math.max(...shifts.map((shift) => shift.endSec));
  const last = shifts.findLast((shift) => shift.endSec === endSec)!;
  const recovered = last.ended && untilSec - endSec >= holdSec(profile, thresholds);
  const own = scopes[scope]!.nodes?.map((name) => run.moments.nodes.indexOf(name));
  const outage = longestOutage(run.moments, {
    fromSec: first.startSec,
    beforeSec: endSec,
    toSec: untilSec,
    isOf: (node) => own?.includes(node) ?? true,
    slowMs: profile.latency?.tail.limitMs ?? Number.POSITIVE_INFINITY,
    isSilence: (fromSec, toSec) => isSilence(fromSec, toSec, profile, run),
  });
  // Whatever was due last may have been answered in time for a baseline: nothing is well before a success has come.
  const wellSec = Math.max(endSec, outage?.endSec ?? endSec);
  return {
    disturbed: true,
    recovered,
    time_to_detect_sec: after(first.startSec, effectiveSec),
    ...(outage === null ? noOutage : outageTimes(outage, effectiveSec, undoneSec)),
    time_to_recover_sec: recovered ? after(wellSec, effectiveSec) : null,
    time_to_recover_after_undo_sec: recovered ? since(undoneSec, wellSec) : null,
    observed_for_sec,
    uncertainty_sec: rounded(Math.max(first.uncertaintySec, last.uncertaintySec)),
  };
}

const noOutage = {
  outage_sec: 0,
  time_to_first_success_sec: 0,
  time_to_first_success_after_undo_sec: 0,
} as const;

function outageTimes({ startSec, endSec }: Outage, effectiveSec: number, undoneSec: number | null) {
  return {
    outage_sec: since(startSec, endSec),
    time_to_first_success_sec: since(effectiveSec, endSec),
    time_to_first_success_after_undo_sec: since(undoneSec, endSec),
  };
}

const undisturbed: Omit<Recovery, 'observed_for_sec'> = {
  disturbed: false,
  recovered: true,
  time_to_detect_sec: null,
  ...noOutage,
  time_to_recover_sec: 0,
  time_to_recover_after_undo_sec: 0,
  uncertainty_sec: null,
};

/** What began while the fault was in force, or just before or after, and what followed before requests had been as usual for long enough. */
function shiftsOf(fault: Effective, scope: number, untilSec: number, evidence: Evidence): Found[] {
  const overSec = fault.verified_sec ?? fault.undone_sec ?? Number.POSITIVE_INFINITY;
  const hold = holdSec(evidence.profiles[scope]!, evidence.thresholds);
  const ofScope = evidence.found
    .filter((found) => found.scope === scope && found.startSec < untilSec)
    .filter(({ startSec }) => startSec > fault.requested_sec - slackSec)
    .toSorted((a, b) => a.startSec - b.startSec);
  const shifts: Found[] = [];
  let reachSec = overSec + slackSec;
  for (const shift of ofScope) {
    if (shift.startSec >= reachSec) break;
    const attribution = shift.startSec < overSec + slackSec ? 'attributed' : 'unattributed';
    if (!isBelieved(shift, evidence, attribution)) continue;
    shifts.push(shift);
    reachSec = Math.max(reachSec, shift.endSec + hold);
  }
  return shifts.map((shift) =>
    shift.endSec > untilSec ? { ...shift, endSec: untilSec, ended: false } : shift,
  );
}

/** To the end of what can be judged, or until another fault is injected that the same requests may show, after this one was over. */
function observedUntil(fault: Effective, scope: number, { faults, touched, scopes, run }: Evidence): number {
  const overSec = fault.verified_sec ?? fault.undone_sec ?? Number.POSITIVE_INFINITY;
  const own = scopes[scope]!.nodes;
  const next = faults
    .filter(isEffective)
    .filter(({ id }) => own === null || (touched.get(id)?.some((node) => own.includes(node)) ?? false))
    .map(({ requested_sec }) => requested_sec)
    .filter((requestedSec) => requestedSec >= overSec);
  return Math.max(Math.min(run.toSec, ...next), fault.effective_sec);
}

/** Requests that had to come did not, for ten times as long as usual. */
function isSilence(fromSec: number, toSec: number, { dueRps }: Profile, { steady }: Judgeable): boolean {
  if (steady === null || !((toSec - fromSec) * dueRps >= 10)) return false;
  return steady.some(({ start_sec, end_sec }) => start_sec <= fromSec && toSec <= end_sec);
}

function isEffective(fault: FaultSpan): fault is Effective {
  return fault.effective_sec !== null;
}

/** Null where one of the two was not. */
function since(sec: number | null, atSec: number | null): number | null {
  return sec === null || atSec === null ? null : after(atSec, sec);
}

/** What was seen before its cause was seen took no time. */
function after(atSec: number, sinceSec: number): number {
  return rounded(Math.max(atSec - sinceSec, 0));
}
