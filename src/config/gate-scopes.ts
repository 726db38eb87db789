import type { Gate } from '../model/gate.ts';
import { isMistake } from '../model/gate-schema.ts';
import { parseGate } from '../model/gate-parser.ts';
import { shownText } from '../model/shown-text.ts';
import { type Explained, suggestion, valueAt } from './explain.ts';
import { listAt } from './targets.ts';

interface Named {
  readonly name: string;
}

/**
 * What the gates name that is not there, in what is a scenario but for other mistakes: it has no plan that would tell of it.
 * Of the phases of one name that a plan numbers, any number is let through.
 */
export function unknownScopes(scenario: unknown, nodes: readonly Named[]): readonly Explained[] {
  const phases = listAt(scenario, 'phases').map((phase) => valueAt(phase, ['name']));
  const names = phases.filter((name) => typeof name === 'string');
  return listAt(scenario, 'gates').flatMap((written, index) => {
    const text = typeof written === 'string' ? written : valueAt(written, ['gate']);
    const gate = typeof text === 'string' ? parseGate(text) : null;
    if (gate === null || isMistake(gate)) return [];
    const named = gate.phase?.replace(/ \(\d+\)$/, '') ?? null;
    const phase =
      names.length < phases.length || (named !== null && names.includes(named)) ? null : gate.phase;
    const known = [...new Set(names)].map((name) => ({ name }));
    return strangersIn({ phase, node: gate.node }, known, nodes).map((message) => ({
      path: ['gates', index],
      message,
    }));
  });
}

/** What a gate names that is not there: a clause for each. */
export function strangersIn(
  { phase, node }: Pick<Gate, 'phase' | 'node'>,
  phases: readonly Named[],
  nodes: readonly Named[],
): readonly string[] {
  return [stranger('phase', phase, phases), stranger('node', node, nodes)].filter(
    (message) => message !== null,
  );
}

function stranger(what: string, said: string | null, there: readonly Named[]): string | null {
  const names = there.map(({ name }) => name);
  if (said === null || names.includes(said)) return null;
  return `there is no ${what} \`${shownText(said)}\`${suggestion(said, names)}`;
}
