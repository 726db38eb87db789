import type { z } from 'zod';
import { OrchError } from '../model/errors.ts';
import { type Explained, keysAt } from './explain.ts';
import { examine } from './mistakes.ts';
import { type Mistake, parseYaml, type YamlFile, type YamlPath } from './yaml.ts';

/** A validated value, and where in its file each part of it stands. */
export interface Validated<T> {
  readonly value: T;
  /** `scenarios/x.yaml:12:7` */
  readonly where: (path: YamlPath) => string;
}

/**
 * YAML text to a value of the schema. All mistakes are listed at once, each with file:line:column, in the file's order.
 * @param further Finds in a value that has mistakes what is wrong beside its form.
 * @throws OrchError `yaml-invalid`
 */
export function validateYaml<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  further: (value: unknown) => readonly Explained[] = () => [],
): Validated<z.output<S>> {
  const yaml = parseYaml(text);
  if (yaml.mistakes.length > 0) throw invalid(file, yaml.mistakes);
  const value = withoutEmptySections(yaml.value, keysAt(schema, [], undefined));
  const result = schema.safeParse(value);
  if (!result.success) throw invalid(file, mistakesOf(value, yaml, schema, further));
  return {
    value: result.data,
    where: (path) => {
      const { line, column } = yaml.placeOfValue(path);
      return `${file}:${line}:${column}`;
    },
  };
}

function mistakesOf(
  value: unknown,
  yaml: YamlFile,
  schema: z.ZodType,
  further: (value: unknown) => readonly Explained[],
): Mistake[] {
  const { mistakes, corrected, asWritten } = examine(value, schema);
  return [...mistakes, ...further(corrected)].map(({ path, key, message }) => {
    const written = asWritten(path);
    return {
      ...(key === undefined ? yaml.placeOfValue(written) : yaml.placeOfKey(written, key)),
      message,
    };
  });
}

function invalid(file: string, mistakes: readonly Mistake[]): OrchError {
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  const inOrder = mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return new OrchError('yaml-invalid', `${file} has ${count}`, {
    details: inOrder.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`),
  });
}

/** `llm:` with every key under it commented out reads as null in YAML, and means an empty section. An empty file means no keys. */
function withoutEmptySections(value: unknown, known: readonly string[]): unknown {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key, section]) => section !== null || !known.includes(key)),
  );
}
