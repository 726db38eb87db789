import { suggestion } from '../config/explain.ts';
import type { Gate } from '../model/gate.ts';
import { gateOf } from '../model/gate-schema.ts';
import type { PlannedPhase } from '../model/phase.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Scenario } from '../model/scenario.ts';
import { shownText } from '../model/shown-text.ts';

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

/** The same of one gate. */
export function strangersIn(
  { phase, node }: Gate,
  phases: readonly PlannedPhase[],
  nodes: readonly NodeSpec[],
): readonly string[] {
  return [stranger('phase', phase, phases), stranger('node', node, nodes)].filter(
    (message) => message !== null,
  );
}

function stranger(
  what: string,
  said: string | null,
  there: readonly { readonly name: string }[],
): string | null {
  const names = there.map(({ name }) => name);
  if (said === null || names.includes(said)) return null;
  return `there is no ${what} \`${shownText(said)}\`${suggestion(said, names)}`;
}
