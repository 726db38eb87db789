import type { FaultSpan } from '../model/analysis.ts';
import type { FaultCost, FaultRecovery, FineWindow, Recovery } from '../model/recovery.ts';
import { rounded } from './fine-windows.ts';
import { ok } from './moments.ts';
import type { Profile } from './profile.ts';
import type { Judgeable } from './judgeable.ts';

/** An SLO's month. */
const monthSec = 30 * 86_400;

export interface Bill {
  readonly recoveries: readonly FaultRecovery[];
  readonly windows: readonly FineWindow[];
  readonly faults: readonly FaultSpan[];
  readonly run: Judgeable;
  /** Of all requests of the baseline. */
  readonly profile: Profile;
  /** In percent; null where there is none. */
  readonly sloPct: number | null;
}

/** What each fault cost; requests that two of them had a part in are told of both. */
export function costsOf({ recoveries, windows, faults, run, profile, sloPct }: Bill): FaultCost[] {
  return recoveries.map((recovery) => {
    const fault = faults.find(({ id }) => id === recovery.fault)!;
    const startSec = fault.effective_sec!;
    const shownSec = Math.max(lastedSec(recovery), lastedSec(recovery.all_requests));
    const overSec = (fault.verified_sec ?? fault.undone_sec ?? run.toSec) - startSec;
    // What was in flight as it took effect was due a little before.
    const fromSec = Math.min(
      startSec,
      ...windows.filter(({ faults: ids }) => ids.includes(fault.id)).map(({ start_sec }) => start_sec),
    );
    const toSec = Math.min(startSec + Math.max(shownSec, overSec), run.toSec);
    const counts = countsOf(run, fromSec, toSec, profile.latency?.slowMs ?? Number.POSITIVE_INFINITY);
    const { due, failed, slow } = counts;
    const failedAbove = Math.max(failed - profile.errorRate * due, 0);
    const allowed = sloPct === null ? null : (1 - sloPct / 100) * profile.dueRps * monthSec;
    return {
      fault: recovery.fault,
      start_sec: rounded(fromSec),
      end_sec: rounded(toSec),
      ...counts,
      failed_above_baseline: failedAbove,
      slow_above_baseline: Math.max(slow - (profile.latency?.slowShare ?? 0) * (due - failed), 0),
      availability: due === 0 ? 1 : 1 - failed / due,
      error_budget_pct: allowed === null ? null : (failedAbove / allowed) * 100,
    };
  });
}

function lastedSec({ recovered, time_to_recover_sec, observed_for_sec }: Recovery): number {
  return recovered ? (time_to_recover_sec ?? 0) : observed_for_sec;
}

function countsOf({ moments }: Judgeable, fromSec: number, toSec: number, slowMs: number) {
  const counts = { due: 0, failed: 0, slow: 0 };
  moments.each(fromSec, toSec, (_, __, outcome, latencyMs) => {
    counts.due += 1;
    if (outcome !== ok) counts.failed += 1;
    else if (latencyMs > slowMs) counts.slow += 1;
  });
  return counts;
}
