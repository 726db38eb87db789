import type { YamlPath } from '../config/yaml.ts';
import type { Json } from '../model/disturber.ts';
import type { Experiment } from './experiment.ts';
import type { Ledger } from './ledger.ts';
import { literal, template } from './template.ts';

/** A part of the scenario, as plain data. */
export type Part = { readonly [key: string]: Json };

/** What every step from an experiment to a scenario knows. */
export interface Context {
  readonly ledger: Ledger;
  /** The names of the variables that the scenario will have. */
  readonly variables: ReadonlySet<string>;
  /** Those whose values are neither shown nor stored. */
  readonly secrets: ReadonlySet<string>;
  readonly experiment: Experiment;
}

/**
 * A text in which Chaos Toolkit puts variables in, as a scenario writes it, at a place that is shown and stored.
 * @param change What becomes of the text, in which each variable is one character.
 */
export function put(
  context: Context,
  text: string,
  path: YamlPath,
  change?: (marked: string) => string,
): string {
  const { ledger, variables, secrets } = context;
  const used = template(text, variables)?.names ?? [];
  for (const name of new Set(used.filter((one) => secrets.has(one))))
    ledger.refuse(path, `the secret \`${name}\` would be shown here; only headers and bodies may have it`);
  return putHidden({ ...context, variables: variables.difference(secrets) }, text, path, change);
}

/** The same at a place that is neither shown nor stored: headers and bodies. */
export function putHidden(
  { ledger, variables, secrets }: Context,
  text: string,
  path: YamlPath,
  change?: (marked: string) => string,
): string {
  const put = template(text, variables, change);
  if (put === null) {
    ledger.refuse(path, 'a `$` right before a variable cannot be written in a scenario');
    return literal(text);
  }
  for (const name of new Set(put.undeclared.filter((one) => !secrets.has(one))))
    ledger.tell(path, `\`\${${name}}\` is declared nowhere: it stays as it is written`);
  return put.text;
}

/** A value of JSON in which Chaos Toolkit puts variables in, at such a place. */
export function putAllHidden(context: Context, value: Json, path: YamlPath): Json {
  if (typeof value === 'string') return putHidden(context, value, path);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((part, index) => putAllHidden(context, part, [...path, index]));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, putAllHidden(context, part, [...path, key])]),
  );
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A value as Python writes it into a text. */
export function pythonText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}
