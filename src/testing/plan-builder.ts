import type { NodeSpec } from '../model/node.ts';
import type { PlannedPhase } from '../model/phase.ts';
import type { Plan } from '../run/plan.ts';

/** A plan of phases in which nothing is done, over HTTP nodes of these names. */
export function planOf(phases: readonly PlannedPhase[], names: readonly string[]): Plan {
  const nodes = names.map(
    (name): NodeSpec => ({ name, kind: 'http', url: 'http://127.0.0.1:9', managed: true }),
  );
  return {
    phases,
    steps: [],
    endMs: phases.at(-1)?.endMs ?? 0,
    nodes,
    disturbs: false,
    endsWhenDone: false,
    blastRadius: {},
    stopWhen: [],
    steadyState: [],
    writes: [],
    rollbacks: [],
    warnings: [],
  };
}
