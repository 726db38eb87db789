import type { z } from 'zod';
import { OrchError } from '../model/errors.ts';
import { explain } from './explain.ts';
import { type Mistake, parseYaml, type YamlFile, type YamlPath } from './yaml.ts';

/** A validated value, and where in its file each part of it stands. */
export interface Validated<T> {
  readonly value: T;
  /** `scenarios/x.yaml:12:7` */
  readonly where: (path: YamlPath) => string;
}

/**
 * YAML text to a value of the schema. All mistakes are listed at once, each with file:line:column.
 * @throws OrchError `yaml-invalid`
 */
export function validateYaml<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
): Validated<z.output<S>> {
  const yaml = parseYaml(text);
  if (yaml.mistakes.length > 0) throw invalid(file, yaml.mistakes);
  const result = schema.safeParse(withoutEmptySections(yaml.value));
  if (!result.success) throw invalid(file, mistakesOf(result.error, yaml, schema));
  return {
    value: result.data,
    where: (path) => {
      const { line, column } = yaml.placeOfValue(path);
      return `${file}:${line}:${column}`;
    },
  };
}

function mistakesOf(error: z.ZodError, yaml: YamlFile, schema: z.ZodType): Mistake[] {
  return error.issues
    .flatMap((issue) => explain(issue, schema, yaml.value))
    .map(({ path, key, message }) => ({
      ...(key === undefined ? yaml.placeOfValue(path) : yaml.placeOfKey(path, key)),
      message,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function invalid(file: string, mistakes: readonly Mistake[]): OrchError {
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  return new OrchError('yaml-invalid', `${file} has ${count}`, {
    details: mistakes.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`),
  });
}

/** `llm:` with every key under it commented out reads as null in YAML, and means an empty section. An empty file means no keys. */
function withoutEmptySections(value: unknown): unknown {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null));
}
