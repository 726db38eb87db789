import type { Dice } from './dice.ts';

const nodes = ['a', 'b', 'c'] as const;
type Down = 'kill' | 'stop' | 'pause' | 'latency';

/**
 * One to six short phases that can be carried out: faults on three nodes, undone in the plan or left to the run's end. Some
 * have faults of one node that a plan keeps apart by a few tenths of a second, and that real times bring together.
 */
export function randomPhases(dice: Dice): readonly unknown[] {
  const down = new Map<string, Down>();
  let hasLoad = false;
  const action = () => {
    const node = dice.pick(nodes);
    const how = down.get(node);
    if (how === 'pause' && dice.chance(0.5)) {
      down.delete(node);
      return { type: 'unpause_node', target: node };
    }
    if (how === 'latency') {
      down.delete(node);
      return { type: 'end_fault', fault: how, target: node };
    }
    if (how !== undefined) {
      down.delete(node);
      return { type: 'restart_node', target: node };
    }
    const kind = dice.weighted({ kill: 3, stop: 3, pause: 4, restart: 2, latency: 4 });
    if (kind === 'restart') return { type: 'restart_node', target: node };
    down.set(node, kind);
    if (kind === 'latency') return { type: kind, target: node, latency_ms: 100 };
    const type = `${kind}_node`;
    return kind === 'stop' ? { type, target: node, grace_sec: dice.pick([0, 1, 3]) } : { type, target: node };
  };
  const load = () => {
    if (hasLoad && dice.chance(0.3)) {
      hasLoad = false;
      return { type: 'stop_load' };
    }
    hasLoad = true;
    return { type: 'start_load', target: 'all_nodes', rps: dice.pick([0.5, 1, 2]) };
  };
  const grouped = (actions: readonly unknown[]) =>
    actions.length > 0 && dice.chance(0.3)
      ? [{ type: dice.pick(['sequence', 'parallel']), actions }]
      : actions;
  return Array.from({ length: dice.whole(1, 6) }, (_, index) => {
    const first = dice.chance(0.4) ? [load()] : [];
    const node = dice.pick(nodes);
    const isClose = !down.has(node) && dice.chance(0.2);
    return {
      name: `phase ${index + 1}`,
      duration_sec: isClose ? 8 : dice.pick([0.5, 1, 3, 8]),
      actions: isClose
        ? [...first, ...closeTogether(dice, node)]
        : [...first, ...grouped(Array.from({ length: dice.pick([0, 1, 1, 1, 2, 3]) }, action))],
    };
  });
}

/** A node is disturbed now and then, and in between by another action that has a time of its own. */
function closeTogether(dice: Dice, node: string): readonly unknown[] {
  const brief = { type: 'latency', target: node, latency_ms: 100, duration_sec: 0.2 };
  const count = dice.whole(2, 4);
  const gapSec = dice.pick([0.1, 0.3, 0.5]);
  const gap = { type: 'wait', duration_sec: gapSec };
  const turns = Array.from({ length: count }, () => [brief, gap]).flat();
  const type = dice.pick(['kill_node', 'pause_node', 'latency']);
  return [
    { type: 'sequence', actions: turns },
    {
      type,
      target: node,
      at_sec: Number((count * (0.2 + gapSec)).toFixed(1)),
      duration_sec: dice.pick([0.2, 1, 3]),
      ...(type === 'latency' ? { latency_ms: 50 } : {}),
    },
  ];
}
