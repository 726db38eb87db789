import { strangersIn } from '../config/gate-scopes.ts';
import { gateOf } from '../model/gate-schema.ts';
import type { PlannedPhase } from '../model/phase.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Scenario } from '../model/scenario.ts';

/** What the gates of a scenario name that its run does not have: a clause for each, with the number of its gate. */
export function gateMistakes(
  { gates }: Scenario,
  phases: readonly PlannedPhase[],
  nodes: readonly NodeSpec[],
): readonly { readonly index: number; readonly message: string }[] {
  return gates
    .map(gateOf)
    .flatMap((gate, index) => strangersIn(gate, phases, nodes).map((message) => ({ index, message })));
}
