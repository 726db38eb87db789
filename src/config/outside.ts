import { shownText } from '../model/shown-text.ts';
import type { variableSchema } from '../model/variables.ts';
import { variableValueSchema } from '../model/variables.ts';
import type { z } from '../model/zod.ts';
import type { Binding } from './substitute.ts';
import { plainValue } from './yaml.ts';

/** Values of variables that are given from outside of the scenario. */
export interface Outside {
  /** `name=value`, as often as `--set` was given; of two for one name the last counts. */
  readonly set: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Declaration = z.output<typeof variableSchema>;

/** The values that `--set` gives, by their names, and what of it gives none. */
export function parseSet(set: readonly string[]): {
  readonly values: ReadonlyMap<string, string>;
  readonly mistakes: readonly string[];
} {
  const values = new Map<string, string>();
  const mistakes: string[] = [];
  for (const text of set) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
    else mistakes.push(`--set ${shownText(text)} gives no variable a value, as --set rps=200 does`);
  }
  return { values, mistakes };
}

/** What `--set`, or else the environment, says of a variable. An empty environment variable says nothing. */
export function givenFrom(set: ReadonlyMap<string, string>, env: Outside['env']) {
  return (name: string, declaration: Declaration): Binding | undefined => {
    const option = set.get(name);
    const variable = envName(name, declaration);
    const text = option ?? (env[variable] || undefined);
    if (text === undefined) return undefined;
    if (declaration.secret)
      return {
        name,
        value: text,
        from: option === undefined ? environment(variable) : `--set ${name}=***`,
        secrets: [text],
      };
    const value = variableValueSchema.parse(plainValue(text));
    const from = option === undefined ? environment(variable) : `--set ${name}=${text}`;
    return { name, value, from, secrets: [] };
  };
}

/** The environment variable that may give a variable its value. */
export function envName(name: string, { from_env: named }: Pick<Declaration, 'from_env'>): string {
  return named ?? `ORCH_VAR_${name.toUpperCase()}`;
}

function environment(variable: string): string {
  return `the environment (${variable})`;
}
