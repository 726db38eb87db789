import type { Load } from '../load/load.ts';
import { type Demand, rateAt } from '../model/demand.ts';
import type { Plan } from './plan.ts';

export interface PlannedSpan {
  /** Milliseconds since the run's start. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Only what goes to this node, as its share of the load is meant to be; null: to all of them. */
  readonly node: string | null;
}

/** Rates change little in such a part of a stretch. */
const parts = 1000;

/**
 * How many requests are to be due in that span: what the rates of its loads come to. Null where that is not known: of closed
 * loads, of those that are part of a group or have a condition, and where the last phase may be shorter than it says.
 */
export function plannedRequests({ steps, endMs, endsWhenDone }: Plan, span: PlannedSpan): number | null {
  const changes = steps.filter(({ order: { type } }) => type === 'set_load' || type === 'stop_load');
  if (endsWhenDone || changes.some(({ lane }) => lane !== undefined)) return null;
  const running = new Map<string, Running>();
  let requests = 0;
  const end = (name: string, atMs: number) => {
    const ended = running.get(name);
    if (ended !== undefined) requests += due(ended, atMs, span);
    running.delete(name);
  };
  for (const { order, atMs } of changes) {
    if (order.type === 'set_load') {
      const { load } = order;
      if (load.demand.model === 'closed') return null;
      end(load.name, atMs);
      running.set(load.name, { load, atMs });
    } else if (order.type === 'stop_load') end(order.load, atMs);
  }
  for (const name of running.keys()) end(name, endMs);
  return requests;
}

interface Running {
  readonly load: Load;
  /** Since when. */
  readonly atMs: number;
}

function due({ load, atMs }: Running, untilMs: number, { fromMs, toMs, node }: PlannedSpan): number {
  const { demand, nodes, sinceMs } = load;
  const share = node === null ? 1 : nodes.filter(({ name }) => name === node).length / nodes.length;
  const zeroMs = sinceMs ?? atMs;
  return share * dueOf(demand, Math.max(fromMs, atMs) - zeroMs, Math.min(toMs, untilMs) - zeroMs);
}

/** By the rate in the middle of each part. */
function dueOf(demand: Demand, fromMs: number, toMs: number): number {
  if (toMs <= fromMs) return 0;
  const partMs = (toMs - fromMs) / parts;
  const rates = Array.from(
    { length: parts },
    (_, part) => rateAt(demand, fromMs + (part + 0.5) * partMs) ?? 0,
  );
  return (rates.reduce((sum, rps) => sum + rps, 0) * partMs) / 1000;
}
