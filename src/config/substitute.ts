import type { VariableValue } from '../model/variables.ts';
import { variableName } from '../model/variables.ts';
import { shownText } from '../model/shown-text.ts';
import { suggestion } from './explain.ts';

/** A name that has a value, where it may be used. */
export interface Binding {
  readonly name: string;
  /** Undefined where it has none, which is told where it was declared. */
  readonly value: VariableValue | undefined;
  /** Set where it is declared no earlier than what uses it, and has no value yet. */
  readonly isLater?: boolean;
  /** Where the value comes from, such as `--set rps=200`. */
  readonly from: string;
  /** The texts that are nowhere to be shown: the value itself, or those that it was made of. */
  readonly secrets: readonly string[];
}

export type Scope = ReadonlyMap<string, Binding>;

export interface Substituted {
  /** Undefined where it is not known. */
  readonly value: unknown;
  readonly uses: readonly Binding[];
  readonly mistakes: readonly string[];
}

/** What variables of variables may grow to. */
const maxLength = 10_000;
const whole = /^\$\{([^}]*)\}$/;
const parts = /\$\$\{|\$\{([^}]*)\}|\$\{/g;

/**
 * A text with its variables put in. One that is nothing but `${name}` becomes the variable's value, which keeps its
 * type; `$${` is a literal `${`.
 */
export function substitute(text: string, scope: Scope): Substituted {
  const uses: Binding[] = [];
  const mistakes: string[] = [];
  const valueOf = (name: string): VariableValue | undefined => {
    const binding = scope.get(name);
    if (binding === undefined) mistakes.push(unknownVariable(name, scope));
    else if (binding.isLater === true) mistakes.push(laterVariable(name));
    else uses.push(binding);
    return binding?.value;
  };
  const only = whole.exec(text)?.[1];
  if (only !== undefined) return { value: valueOf(only), uses, mistakes };
  let isKnown = true;
  const value = text.replaceAll(parts, (part: string, name: string | undefined) => {
    if (part === '$${') return '${';
    if (name === undefined) mistakes.push('`${` is not closed by `}`; a literal `${` is written `$${`');
    const found = name === undefined ? undefined : valueOf(name);
    if (Array.isArray(found)) mistakes.push(`\`${part}\` is a list, which cannot be put into a text`);
    if (found === undefined) isKnown = false;
    return String(found);
  });
  if (value.length > maxLength && uses.length > 0)
    mistakes.push(`with its variables put in, it is longer than ${maxLength} characters`);
  return { value: isKnown && mistakes.length === 0 ? value : undefined, uses, mistakes };
}

function laterVariable(name: string): string {
  return `\`${name}\` has no value here yet: a default may only use what is declared above it`;
}

function unknownVariable(name: string, scope: Scope): string {
  if (!variableName.test(name)) {
    return `\`\${${shownText(name)}}\` names no variable: a name is made of letters, digits and \`_\`; a literal \`\${\` is written \`$\${\``;
  }
  const known = [...scope.values()].filter(({ isLater }) => isLater !== true);
  const names = known.map((one) => one.name);
  return `there is no variable \`${shownText(name)}\`${suggestion(name, names)}`;
}
