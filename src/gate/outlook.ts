import type { Gate, PlacedGate } from '../model/gate.ts';
import { needsBaseline, unitOf } from '../model/gate-metric.ts';
import type { NodeSpec } from '../model/node.ts';
import { strangersIn } from '../config/gate-scopes.ts';
import { loadedNodes, type Plan } from '../run/plan.ts';
import { plannedRequests } from '../run/planned-requests.ts';
import { neededForQuantile, neededForShare } from './enough.ts';

/** What is known of a gate before its run. */
export interface GateOutlook {
  /** As it was written. */
  readonly gate: string;
  readonly name: string | null;
  /** `file:line:column`; null where it stands in no file. */
  readonly place: string | null;
  /** Whether it is inconclusive without a baseline. */
  readonly needs_baseline: boolean;
  /** Why it would be inconclusive if all went as planned, as a clause; null where nothing speaks for that. */
  readonly obstacle: string | null;
}

/** @param nodes All that there are: a run may have no part of some. */
export function gateOutlook(
  { gate, place }: PlacedGate,
  plan: Plan,
  nodes: readonly NodeSpec[],
): GateOutlook {
  const { text, name, metric } = gate;
  return {
    gate: text,
    name,
    place,
    needs_baseline: needsBaseline(metric),
    obstacle: strangersIn(gate, plan.phases, nodes)[0] ?? obstacleOf(gate, plan),
  };
}

function obstacleOf(gate: Gate, plan: Plan): string | null {
  switch (gate.metric.of) {
    case 'requests':
    case 'quantile':
    case 'regression':
      return tooFew(gate, plan);
    case 'fault':
    case 'recovery_time_sec':
      return noFault(gate, plan);
    case 'lost_writes':
      return plan.writes.length === 0 ? 'the scenario has no `checks` of writes' : null;
    case 'anomaly_windows':
      return null;
  }
}

function noFault({ phase: during, node }: Gate, { steps }: Plan): string | null {
  const isMeant = steps.some(
    ({ phase, order }) =>
      order.type === 'inject' &&
      (during === null || phase === during) &&
      (node === null || order.node === node),
  );
  if (isMeant) return null;
  const where = `${node === null ? '' : ` into ${node}`}${during === null ? '' : ` during ${during}`}`;
  return `no fault is injected${where}`;
}

function tooFew(gate: Gate, plan: Plan): string | null {
  const { phase, node } = gate;
  if (node !== null && loadedNodes(plan).every(({ name }) => name !== node)) return `no load goes to ${node}`;
  const { startMs = 0, endMs = plan.endMs } = plan.phases.find(({ name }) => name === phase) ?? {};
  const due = plannedRequests(plan, { fromMs: startMs, toMs: endMs, node });
  const needed = neededBy(gate);
  if (due === null || Math.round(due) >= needed) return null;
  const about = due < 1 ? 'none is' : `some ${number(Math.round(due))} are`;
  return `it needs ${number(needed)} request${needed === 1 ? '' : 's'}, and ${about} due`;
}

/** As many as the gate asks for when it is judged. */
function neededBy({ metric, limit }: Gate): number {
  const measured = metric.of === 'regression' ? metric.metric : metric;
  if (measured.of === 'quantile') return neededForQuantile(measured.percent);
  return metric.of === 'requests' && unitOf(metric) === 'share' ? neededForShare(limit) : 1;
}

function number(count: number): string {
  return count.toLocaleString('en-GB');
}
