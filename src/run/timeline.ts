import { faults } from '../fault/box.ts';
import { activityText } from '../model/action.ts';
import type { NodeSpec } from '../model/node.ts';
import { loadText, named } from '../load/load.ts';
import type { Order, Plan } from './plan.ts';

/** One line of what a plan will do, for people. */
export interface TimelineEntry {
  readonly atMs: number;
  /** True where it waits for what goes before it in a group, and may be later. */
  readonly mayBeLater: boolean;
  readonly phase: string;
  /** `load 50 rps`, `kill`. */
  readonly does: string;
  /** By what a node is disturbed; null where a power of the driver does it, or nothing is disturbed. */
  readonly means: string | null;
  /** The names of the nodes that it touches. */
  readonly touches: readonly string[];
  /** How and when it is undone; null for what needs no undoing. */
  readonly undo: { readonly how: string; readonly atMs: number; readonly byEnd: boolean } | null;
}

/** What a plan will do, in the order of time; phases without an action have a line too. */
export function timelineOf(plan: Plan): readonly TimelineEntry[] {
  const nodeOf = new Map(
    plan.steps.flatMap(({ order }) => (order.type === 'inject' ? [[order.id, order] as const] : [])),
  );
  const busy = new Set(plan.steps.flatMap(({ phase, order }) => (isBoundary(order) ? [] : [phase])));
  const undone = new Set(plan.steps.flatMap(({ order }) => (order.type === 'undo' ? [order.id] : [])));
  return plan.steps.flatMap(({ atMs, phase, order, lane }): readonly TimelineEntry[] => {
    const entry = { atMs, mayBeLater: lane !== undefined, phase, means: null, undo: null };
    switch (order.type) {
      case 'start_phase':
        return busy.has(phase) ? [] : [{ ...entry, does: 'goes on', touches: [] }];
      case 'end_phase':
      case 'start_flow':
        return [];
      case 'choose':
        return order.nodes.length > 0 ? [] : [{ ...entry, does: `skip ${order.action}`, touches: [] }];
      case 'set_load':
        return [{ ...entry, does: loadText(order.load), touches: namesOf(order.load.nodes) }];
      case 'stop_load':
        return [{ ...entry, does: `${named(order.load)} off`, touches: [] }];
      case 'ask':
        return [{ ...entry, does: activityText(order.activity), touches: [] }];
      case 'inject': {
        const { undoneBy } = faults[order.spec.kind];
        const undo = { how: undoneBy, atMs: order.undoByMs, byEnd: !undone.has(order.id) };
        return [{ ...entry, does: order.spec.kind, means: order.means, touches: [order.node], undo }];
      }
      case 'undo': {
        const injected = nodeOf.get(order.id);
        if (injected === undefined) return [];
        return [{ ...entry, does: `undo ${injected.spec.kind}`, touches: [injected.node] }];
      }
    }
  });
}

function isBoundary({ type }: Order): boolean {
  return type === 'start_phase' || type === 'end_phase';
}

function namesOf(nodes: readonly NodeSpec[]): readonly string[] {
  return nodes.map(({ name }) => name);
}
