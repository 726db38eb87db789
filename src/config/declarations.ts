import { type VariableValue, variableValueSchema } from '../model/variables.ts';
import type { z } from '../model/zod.ts';
import { isMapping, valueAt } from './explain.ts';
import { type Origin, type Origins, placeText, sourcesText } from './origins.ts';
import type { Binding, Scope } from './substitute.ts';
import type { YamlPath } from './yaml.ts';

/** A mapping with its part at the key changed, where it has one. */
export function withPart(value: unknown, key: string, change: (part: unknown) => unknown): unknown {
  if (!isMapping(value)) return value;
  const parts = Object.entries(value).map(([one, part]) => [one, one === key ? change(part) : part]);
  return Object.fromEntries(parts);
}

/** Variables or parameters with each in its long form: `rps: 50` is `rps: { default: 50 }`. */
export function longForms(section: unknown, path: YamlPath, origins: Origins): unknown {
  if (!isMapping(section)) return section;
  return Object.fromEntries(
    Object.entries(section).map(([name, declared]) => {
      if (isMapping(declared)) return [name, declared];
      origins.record([...path, name, 'default'], origins.of([...path, name]));
      return [name, { default: declared }];
    }),
  );
}

/** A value with the variables that it was made of. */
export function bindingOf(name: string, value: unknown, path: YamlPath, origins: Origins): Binding {
  const origin = origins.of(path);
  const parts: readonly Origin[] = Array.isArray(value)
    ? value.map((_, index) => origins.of([...path, index]))
    : [origin];
  const uses = [...new Set(parts.flatMap((part) => part.uses ?? []))];
  const where = uses.length === 0 ? '' : `, where ${sourcesText(uses)}`;
  return {
    name,
    value: variableValueSchema.safeParse(value).data,
    from: `${placeText(origin)}${where}`,
    secrets: [...new Set(uses.flatMap(({ secrets }) => secrets))],
  };
}

/** A name of which it is told elsewhere why it has no value. */
export function unknownBinding(name: string): Binding {
  return { name, value: undefined, from: '', secrets: [] };
}

interface Declaration {
  readonly default?: VariableValue | undefined;
}

export interface BindOptions<D extends Declaration> {
  /** In the long form. */
  readonly section: unknown;
  readonly schema: z.ZodType<D>;
  /** What is known beside them, which they hide. */
  readonly outer: Scope;
  /** The value that was given, if any. */
  readonly given: (name: string, declaration: D) => Binding | undefined;
  /** Its default, in which those that are declared before it may be used. */
  readonly byDefault: (name: string, value: VariableValue, scope: Scope) => Promise<Binding>;
  /** None was given, and there is no default. */
  readonly missing: (name: string, declaration: D) => void;
}

/** What each of the declared names stands for, in the order of their declaration. */
export async function bind<D extends Declaration>(options: BindOptions<D>): Promise<Scope> {
  const { section, schema, outer, given, byDefault, missing } = options;
  const scope = new Map(outer);
  const names = namesIn(section);
  for (const name of names) scope.set(name, { ...unknownBinding(name), isLater: true });
  for (const name of names) {
    const { data } = schema.safeParse(valueAt(section, [name]));
    // What is wrong with a declaration is told when its form is checked.
    let binding = data === undefined ? unknownBinding(name) : given(name, data);
    if (binding === undefined && data?.default !== undefined)
      binding = await byDefault(name, data.default, scope);
    if (binding === undefined && data !== undefined) missing(name, data);
    scope.set(name, binding ?? unknownBinding(name));
  }
  return scope;
}

export function namesIn(section: unknown): readonly string[] {
  return isMapping(section) ? Object.keys(section) : [];
}
