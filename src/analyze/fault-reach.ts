import type { FaultSpan } from '../model/analysis.ts';
import type { AnomalyThresholds } from '../model/config.ts';
import { type Ground, isBelieved } from './belief.ts';
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
export type Effective = FaultSpan & { readonly effective_sec: number };

export function isEffective(fault: FaultSpan): fault is Effective {
  return fault.effective_sec !== null;
}

/** When it was seen to be over; never, where it was not. */
export function overSec({ verified_sec, undone_sec }: FaultSpan): number {
  return verified_sec ?? undone_sec ?? Number.POSITIVE_INFINITY;
}

/** What began while the fault was in force, or just before or after, and what followed before requests had been as usual for long enough. */
export function shiftsOf(fault: Effective, scope: number, untilSec: number, evidence: Evidence): Found[] {
  const hold = holdSec(evidence.profiles[scope]!, evidence.thresholds);
  const ofScope = evidence.found
    .filter((found) => found.scope === scope && found.startSec < untilSec)
    .filter(({ startSec }) => startSec > fault.requested_sec - slackSec)
    .toSorted((a, b) => a.startSec - b.startSec);
  const shifts: Found[] = [];
  let reachSec = overSec(fault) + slackSec;
  for (const shift of ofScope) {
    if (shift.startSec >= reachSec) break;
    const attribution = shift.startSec < overSec(fault) + slackSec ? 'attributed' : 'unattributed';
    if (!isBelieved(shift, evidence, attribution)) continue;
    shifts.push(shift);
    reachSec = Math.max(reachSec, shift.endSec + hold);
  }
  return shifts.map((shift) =>
    shift.endSec > untilSec ? { ...shift, endSec: untilSec, ended: false } : shift,
  );
}

/** To the end of what can be judged, or until another fault is injected that the same requests may show, after this one was over. */
export function observedUntil(
  fault: Effective,
  scope: number,
  { faults, touched, scopes, run }: Evidence,
): number {
  const own = scopes[scope]!.nodes;
  const next = faults
    .filter(isEffective)
    .filter(({ id }) => own === null || (touched.get(id)?.some((node) => own.includes(node)) ?? false))
    .map(({ requested_sec }) => requested_sec)
    .filter((requestedSec) => requestedSec >= overSec(fault));
  return Math.max(Math.min(run.toSec, ...next), fault.effective_sec);
}

/** Fewer show nothing: it takes as many failures in a row for a window. */
const leastRequests = 10;

/** Whether there are requests to judge by. */
export function hasRequests(
  { moments, fromSec, toSec }: Judgeable,
  isOf: (node: number) => boolean,
  sinceSec: number,
  untilSec: number,
): boolean {
  let requests = 0;
  moments.each(Math.max(sinceSec, fromSec), Math.min(untilSec, toSec), (_, node) => {
    if (isOf(node)) requests += 1;
  });
  return requests >= leastRequests;
}
