import type { Dice } from './dice.ts';

const nodes = ['a', 'b', 'c'] as const;
type Down = 'kill' | 'stop' | 'pause' | 'latency';

/** One to six short phases that can be carried out: faults on three nodes, undone in the plan or left to the run's end. */
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
  return Array.from({ length: dice.whole(1, 6) }, (_, index) => ({
    name: `phase ${index + 1}`,
    duration_sec: dice.pick([0.5, 1, 3, 8]),
    actions: [
      ...(dice.chance(0.4) ? [load()] : []),
      ...grouped(Array.from({ length: dice.pick([0, 1, 1, 1, 2, 3]) }, action)),
    ],
  }));
}
