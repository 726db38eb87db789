import type { z } from '../model/zod.ts';
import { type Explained, keysAt, pathText } from './explain.ts';
import { type Examined, examine } from './mistakes.ts';
import { Origins, placeText, type SourceFile } from './origins.ts';
import { Mistakes } from './told.ts';
import { parseYaml, type YamlPath } from './yaml.ts';

/** A validated value, and where in its file each part of it stands. */
export interface Validated<T> {
  readonly value: T;
  /** `scenarios/x.yaml:12:7` */
  readonly where: (path: YamlPath) => string;
}

/** The same, with the value as it was written. */
export interface ValidatedFile<T> extends Validated<T> {
  readonly written: unknown;
}

/** Finds in a value that has mistakes what is wrong beside its form. */
export type Further = (value: unknown) => readonly Explained[];

export function sourceFile(name: string, text: string): SourceFile {
  return { name, text, yaml: parseYaml(text) };
}

/**
 * YAML text to a value of the schema. All mistakes are listed at once, each with file:line:column, in the file's order.
 * @throws OrchError `yaml-invalid`
 */
export function validateYaml<S extends z.ZodType>(
  text: string,
  name: string,
  schema: S,
  further?: Further,
): ValidatedFile<z.output<S>> {
  const file = sourceFile(name, text);
  const mistakes = new Mistakes(name);
  if (!mistakes.isYaml(file)) mistakes.refuse();
  const written = withoutEmptySections(file.yaml.value, schema);
  const located = { value: written, origins: new Origins(file) };
  return { ...validated(located, schema, mistakes, further), written };
}

/** A value that stands in one file or in several. */
export interface Located {
  readonly value: unknown;
  readonly origins: Origins;
}

/**
 * The value, where neither it nor what was found before is wrong.
 * @throws OrchError `yaml-invalid`
 */
export function validated<S extends z.ZodType>(
  located: Located,
  schema: S,
  mistakes: Mistakes,
  further?: Further,
): Validated<z.output<S>> {
  const result = schema.safeParse(located.value);
  if (!result.success) checkForm(located, schema, mistakes, further);
  mistakes.refuse();
  if (!result.success) throw new Error('a value was refused, and no mistake of it told');
  return { value: result.data, where: (path) => placeText(located.origins.of(path)) };
}

/** Tells in what a value differs from its schema. What is surely a slip of the pen is put right in what it gives. */
export function checkForm(
  { value, origins }: Located,
  schema: z.ZodType,
  mistakes: Mistakes,
  further: Further = () => [],
): Omit<Examined, 'mistakes'> {
  const nameOf = (path: YamlPath, written: YamlPath) => pathText(origins.inFile(path, written));
  const { mistakes: found, corrected, asWritten } = examine(value, schema, nameOf);
  for (const { path, key, message } of [...found, ...further(corrected)]) {
    const written = asWritten(path);
    if (key === undefined) mistakes.tell(origins.of(written), message);
    else {
      const { path: keyPath, ...origin } = origins.of([...written, key]);
      mistakes.tell({ ...origin, path: keyPath.slice(0, -1) }, message, key);
    }
  }
  return { corrected, asWritten };
}

/** `llm:` with every key under it commented out reads as null in YAML, and means an empty section. An empty file means no keys. */
export function withoutEmptySections(value: unknown, schema: z.ZodType): unknown {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  // To find the keys takes longer than all other checks.
  if (!Object.values(value).includes(null)) return value;
  const known = keysAt(schema, [], undefined);
  return Object.fromEntries(
    Object.entries(value).filter(([key, section]) => section !== null || !known.includes(key)),
  );
}
