import type { FaultSpan } from '../model/analysis.ts';
import type { FaultCost, FaultRecovery, FineWindow, Recovery } from '../model/recovery.ts';
import { type Ground, scopeOfNodes } from './belief.ts';
import { isEffective, overSec } from './fault-reach.ts';
import { rounded } from './fine-windows.ts';
import type { Judgeable } from './judgeable.ts';
import { ok } from './moments.ts';
import { membership } from './scopes.ts';

/** An SLO's month. */
const monthSec = 30 * 86_400;

export interface Bill extends Ground {
  readonly recoveries: readonly FaultRecovery[];
  readonly windows: readonly FineWindow[];
  readonly faults: readonly FaultSpan[];
  /** By the id of a fault: the nodes that it may show at. */
  readonly touched: ReadonlyMap<string, readonly string[]>;
  /** In percent; null where there is none. */
  readonly sloPct: number | null;
}

/** What each fault cost. */
export function costsOf(bill: Bill): FaultCost[] {
  const allowed = allowedFailures(bill);
  return bill.recoveries.map((recovery) => {
    const fault = bill.faults.find(({ id }) => id === recovery.fault)!;
    const { fromSec, toSec } = spanOf(fault, recovery, bill);
    const others = bill.faults.filter((other) => other !== fault && meets(other, fromSec, toSec));
    const scope =
      others.length === 0 || recovery.judged_by === 'all' ? 0 : scopeOfNodes(recovery.nodes, bill)!;
    const { nodes } = bill.scopes[scope]!;
    const profile = bill.profiles[scope]!;
    const counts = countsOf(
      bill.run,
      nodes,
      fromSec,
      toSec,
      profile.latency?.slowMs ?? Number.POSITIVE_INFINITY,
    );
    const { due, failed, slow } = counts;
    const failedAbove = Math.max(failed - profile.errorRate * due, 0);
    return {
      fault: recovery.fault,
      nodes,
      shared_with: others.filter(({ id }) => mayShowAt(nodes, bill.touched.get(id))).map(({ id }) => id),
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

/** How many requests may fail in a month, at the baseline's rate. */
function allowedFailures({ sloPct, profiles }: Bill): number | null {
  return sloPct === null ? null : (1 - sloPct / 100) * profiles[0]!.dueRps * monthSec;
}

/** While the fault was in force, and until its nodes, or all, were as before. */
function spanOf(fault: FaultSpan, recovery: FaultRecovery, { windows, run }: Bill) {
  const startSec = fault.effective_sec!;
  // What all requests show may be another fault's, where its own nodes show nothing.
  const { all_requests: all } = recovery;
  const shownSec = Math.max(lastedSec(recovery), recovery.disturbed ? lastedSec(all) : 0);
  const forSec = overSec(fault) - startSec;
  // What was in flight as it took effect was due a little before.
  const fromSec = Math.min(
    startSec,
    ...windows.filter(({ faults: ids }) => ids.includes(fault.id)).map(({ start_sec }) => start_sec),
  );
  return { fromSec, toSec: Math.min(startSec + Math.max(shownSec, forSec), run.toSec) };
}

/** Whether it was in force at any time between. */
function meets(fault: FaultSpan, fromSec: number, toSec: number): boolean {
  return isEffective(fault) && fault.effective_sec < toSec && fromSec < overSec(fault);
}

/** Whether it may show at any of these nodes; null: all. */
function mayShowAt(nodes: readonly string[] | null, touched: readonly string[] = []): boolean {
  return nodes === null || touched.some((node) => nodes.includes(node));
}

function lastedSec({ recovered, time_to_recover_sec, observed_for_sec }: Recovery): number {
  return recovered ? (time_to_recover_sec ?? 0) : observed_for_sec;
}

function countsOf(
  { moments }: Judgeable,
  nodes: readonly string[] | null,
  fromSec: number,
  toSec: number,
  slowMs: number,
): Pick<FaultCost, 'due' | 'failed' | 'slow'> {
  const isOf = membership(nodes, moments.nodes);
  const counts = { due: 0, failed: 0, slow: 0 };
  moments.each(fromSec, toSec, (_, node, outcome, latencyMs) => {
    if (!isOf(node)) return;
    counts.due += 1;
    if (outcome !== ok) counts.failed += 1;
    else if (latencyMs > slowMs) counts.slow += 1;
  });
  return counts;
}
