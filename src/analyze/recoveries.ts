import type { FaultRecovery, Recovery } from '../model/recovery.ts';
import {
  type Effective,
  type Evidence,
  hasRequests,
  isEffective,
  observedUntil,
  overSec,
  shiftsOf,
} from './fault-reach.ts';
import { scopeOfNodes } from './belief.ts';
import { rounded } from './fine-windows.ts';
import { longestOutage, type Outage } from './outage.ts';
import type { Profile } from './profile.ts';
import type { Judgeable } from './judgeable.ts';
import { membership } from './scopes.ts';
import { holdSec } from './watch-run.ts';

/** How the run came through each fault that took effect, where there were requests to judge that by. */
export function recoveriesOf(evidence: Evidence): FaultRecovery[] {
  return evidence.faults.filter(isEffective).flatMap((fault) => {
    const ofAll = recoveryOf(fault, 0, evidence);
    if (ofAll === null) return [];
    const nodes = evidence.run.moments.nodes.filter((name) => evidence.touched.get(fault.id)?.includes(name));
    const scope = scopeOfNodes(nodes, evidence);
    const own = scope === null ? null : recoveryOf(fault, scope, evidence);
    return [
      {
        fault: fault.id,
        nodes,
        judged_by: own === null ? 'all' : 'nodes',
        ...(own ?? ofAll),
        all_requests: ofAll,
      },
    ];
  });
}

/** Null where there were too few requests, or none that may be judged, while the fault was in force and after. */
function recoveryOf(fault: Effective, scope: number, evidence: Evidence): Recovery | null {
  const { run, scopes, profiles, thresholds } = evidence;
  const profile = profiles[scope]!;
  const { effective_sec: effectiveSec, undone_sec: undoneSec } = fault;
  const untilSec = observedUntil(fault, scope, evidence);
  const isOf = membership(scopes[scope]!.nodes, run.moments.nodes);
  if (overSec(fault) <= run.fromSec || !hasRequests(run, isOf, effectiveSec, untilSec)) return null;
  const shifts = shiftsOf(fault, scope, untilSec, evidence);
  const [first] = shifts;
  if (first === undefined) return undisturbed(fault, untilSec);
  const endSec = Math.max(...shifts.map((shift) => shift.endSec));
  const last = shifts.findLast((shift) => shift.endSec === endSec)!;
  const recovered = last.ended && untilSec - endSec >= holdSec(profile, thresholds);
  const outage = longestOutage(run.moments, {
    fromSec: first.startSec,
    beforeSec: endSec,
    toSec: untilSec,
    isOf,
    slowMs: profile.latency?.tail.limitMs ?? Number.POSITIVE_INFINITY,
    isSilence: (fromSec, toSec) => isSilence(fromSec, toSec, profile, run),
  });
  // Whatever was due last may have been answered in time for a baseline: nothing is well before a success has come.
  const wellSec = Math.max(endSec, outage?.endSec ?? endSec);
  return {
    disturbed: true,
    recovered,
    time_to_detect_sec: after(first.startSec, effectiveSec),
    ...outageTimes(outage, endSec, effectiveSec, undoneSec),
    time_to_recover_sec: recovered ? after(wellSec, effectiveSec) : null,
    time_to_recover_after_undo_sec: recovered ? since(undoneSec, wellSec) : null,
    // What was well in the end, if not for long enough, may have been its recovery.
    observed_for_sec: after(recovered ? untilSec : endSec, effectiveSec),
    uncertainty_sec: rounded(Math.max(first.uncertaintySec, last.uncertaintySec)),
  };
}

type OutageTimes = Pick<
  Recovery,
  'outage_sec' | 'outage_at_least_sec' | 'time_to_first_success_sec' | 'time_to_first_success_after_undo_sec'
>;

/** @param seenSec Until then it lasted at least, where its end was not seen. */
function outageTimes(
  outage: Outage | null,
  seenSec: number,
  effectiveSec: number,
  undoneSec: number | null,
): OutageTimes {
  if (outage === null) return noOutage(undoneSec);
  const { startSec, endSec } = outage;
  return {
    outage_sec: since(startSec, endSec),
    outage_at_least_sec: after(endSec ?? seenSec, startSec),
    time_to_first_success_sec: since(effectiveSec, endSec),
    time_to_first_success_after_undo_sec: since(undoneSec, endSec),
  };
}

function noOutage(undoneSec: number | null): OutageTimes {
  return {
    outage_sec: 0,
    outage_at_least_sec: 0,
    time_to_first_success_sec: 0,
    time_to_first_success_after_undo_sec: since(undoneSec, undoneSec),
  };
}

function undisturbed(
  { effective_sec: effectiveSec, undone_sec: undoneSec }: Effective,
  untilSec: number,
): Recovery {
  return {
    disturbed: false,
    recovered: true,
    time_to_detect_sec: null,
    ...noOutage(undoneSec),
    time_to_recover_sec: 0,
    time_to_recover_after_undo_sec: since(undoneSec, undoneSec),
    observed_for_sec: after(untilSec, effectiveSec),
    uncertainty_sec: null,
  };
}

/** Requests that had to come did not, for ten times as long as usual. */
function isSilence(fromSec: number, toSec: number, { dueRps }: Profile, { steady }: Judgeable): boolean {
  if (steady === null || !((toSec - fromSec) * dueRps >= 10)) return false;
  return steady.some(({ start_sec, end_sec }) => start_sec <= fromSec && toSec <= end_sec);
}

/** Null where one of the two was not. */
function since(sec: number | null, atSec: number | null): number | null {
  return sec === null || atSec === null ? null : after(atSec, sec);
}

/** What was seen before its cause was seen took no time. */
function after(atSec: number, sinceSec: number): number {
  return rounded(Math.max(atSec - sinceSec, 0));
}
