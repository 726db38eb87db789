import { nearest } from '../model/nearest.ts';
import { shownText } from '../model/shown-text.ts';
import { z } from '../model/zod.ts';
import { show, showKind } from './shown-given.ts';
import type { YamlPath } from './yaml.ts';

type Issue = z.core.$ZodIssue;

/** A zod issue as one mistake for people, and whether it stands at a key or at a value. */
export interface Explained {
  readonly path: YamlPath;
  /** Set where the mistake is the key itself. */
  readonly key?: string;
  readonly message: string;
  /** What the key, or else the value, was surely meant to be. */
  readonly meant?: string;
}

/** What a path is called, such as `phases[1].actions[0].rps`. */
export type NameOf = (path: YamlPath) => string;

/** Says what is wrong and what would be right. One issue of several unknown keys gives one mistake for each. */
export function explain(
  issue: Issue,
  schema: z.ZodType,
  value: unknown,
  nameOf: NameOf,
): readonly Explained[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path, value);
    return issue.keys.map((key) => unknownKey(key, issue.path, value, known, nameOf));
  }
  if (issue.code === 'invalid_key') {
    const key = String(issue.path.at(-1));
    const why = issue.issues[0]?.message ?? issue.message;
    return [
      { path: issue.path.slice(0, -1), key, message: `\`${shownText(key)}\` cannot be a name here: ${why}` },
    ];
  }
  const name = nameOf(issue.path);
  const given = valueAt(value, issue.path);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    const options = issue.options.map(String);
    if (given === undefined) return [missingWord(issue.path, value, options, nameOf)];
    const word = name.split('.').at(-1);
    return [unknownWord(issue.path, `unknown ${word} ${show(given)}`, given, options)];
  }
  if (issue.code === 'invalid_value')
    return [unknownWord(issue.path, `\`${name}\` is ${show(given)}`, given, issue.values.map(String))];
  if (issue.code === 'invalid_type') {
    if (given === undefined)
      return [{ path: issue.path, message: `\`${name}\` is missing: ${article(issue.expected)}` }];
    return [
      {
        path: issue.path,
        message: `\`${name}\` is ${showKind(given)}, but must be ${article(issue.expected)}`,
      },
    ];
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    return [{ path: issue.path, message: `\`${name}\` is ${show(given)}, but must be ${bound(issue)}` }];
  }
  if (issue.code === 'invalid_union') {
    const meant = alternativeFor(given, issue.errors);
    if (meant !== undefined)
      return meant.flatMap((inner) =>
        explain({ ...inner, path: [...issue.path, ...inner.path] }, schema, value, nameOf),
      );
    const wrong =
      given === undefined ? `missing: ${typesOf(issue.errors)}` : `${showKind(given)}${unionReason(issue)}`;
    return [{ path: issue.path, message: `\`${name}\` is ${wrong}` }];
  }
  return [{ path: issue.path, message: `\`${name}\` is ${show(given)}: ${issue.message}` }];
}

function unknownKey(
  key: string,
  path: YamlPath,
  value: unknown,
  known: readonly string[],
  nameOf: NameOf,
): Explained {
  const place = path.length === 0 ? '' : ` in ${nameOf(path)}`;
  const message = `unknown key \`${shownText(key)}\`${place}${suggestion(key, known)}`;
  const right = nearest(key, known);
  // Beside the right key, a misspelt one is of no use.
  const isFree = right !== undefined && valueAt(value, [...path, right]) === undefined;
  return { path, key, message, ...(isFree ? { meant: right } : {}) };
}

function unknownWord(path: YamlPath, what: string, given: unknown, known: readonly string[]): Explained {
  const right = typeof given === 'string' ? nearest(given, known) : undefined;
  const message = `${what}${suggestion(show(given), known)}`;
  return { path, message, ...(right === undefined ? {} : { meant: right }) };
}

/** The word that says which alternative a mapping is (its `type`) is not there, or its key is misspelt. */
function missingWord(path: YamlPath, value: unknown, options: readonly string[], nameOf: NameOf): Explained {
  const parent = path.slice(0, -1);
  const key = String(path.at(-1));
  const misspelt = Object.keys(valueAt(value, parent) ?? {}).find((one) => nearest(one, [key]) === key);
  if (misspelt !== undefined) return unknownKey(misspelt, parent, value, [key], nameOf);
  return { path, message: `\`${nameOf(path)}\` is missing: one of ${options.join(', ')}` };
}

/** `phases[1].actions[0].rps` */
export function pathText(path: YamlPath): string {
  let text = '';
  for (const part of path)
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`;
  return text === '' ? 'the file' : text;
}

/** `; did you mean \`rps\`? Known: …`: the nearest word where one is near, and all there are. */
export function suggestion(quotedWord: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = nearest(quotedWord.replaceAll('`', ''), known);
  return `${near === undefined ? '.' : `; did you mean \`${near}\`?`} Known: ${known.join(', ')}`;
}

function bound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const word = issue.code === 'too_small' ? 'at least' : 'at most';
  if (issue.origin === 'string')
    return issue.code === 'too_small' ? 'not empty' : `at most ${limit} characters`;
  if (issue.origin === 'array') return `a list of ${word} ${limit}`;
  if (issue.inclusive === false) return `${issue.code === 'too_small' ? 'more' : 'less'} than ${limit}`;
  return `${word} ${limit}`;
}

/** What the alternative complains of that is a mapping or a list as the value is, and the nearest to it: its mistakes lie within. */
function alternativeFor(
  given: unknown,
  alternatives: readonly (readonly Issue[])[],
): readonly Issue[] | undefined {
  if (given === null || typeof given !== 'object') return undefined;
  const [nearestOne, next] = alternatives
    .filter((issues) => !issues.some(refusesAltogether))
    .map((issues) => ({ issues, mistakes: mistakesIn(issues) }))
    .toSorted((a, b) => a.mistakes - b.mistakes);
  return nearestOne?.mistakes === next?.mistakes ? undefined : nearestOne?.issues;
}

function mistakesIn(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function refusesAltogether({ code, path }: Issue): boolean {
  return path.length === 0 && ['invalid_type', 'invalid_value', 'invalid_union'].includes(code);
}

/** What it says itself, where it does; else, of the alternatives' complaints, the one that got furthest is the most telling. */
function unionReason({ message, errors }: Extract<Issue, { code: 'invalid_union' }>): string {
  if (message !== 'Invalid input') return `: ${message}`;
  const told = errors.flat().find(({ code }) => code !== 'invalid_type' && code !== 'invalid_value');
  return told === undefined ? `, but must be ${typesOf(errors)}` : `: ${told.message}`;
}

/** `` `auto`, text, a list or a mapping``: what the alternatives would take. */
function typesOf(errors: readonly (readonly Issue[])[]): string {
  const types = errors.flat().flatMap((issue) => {
    if (issue.code === 'invalid_value') return issue.values.map((value) => `\`${String(value)}\``);
    return issue.code === 'invalid_type' ? [article(issue.expected)] : [];
  });
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(new Set(types));
}

function article(expected: string): string {
  const word =
    { object: 'mapping', array: 'list', int: 'whole number', string: 'text', record: 'mapping' }[expected] ??
    expected;
  return word === 'text' ? word : `a ${word}`;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export function valueAt(root: unknown, path: YamlPath): unknown {
  let value = root;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

/** The keys that a mapping at the path may have. */
export function keysAt(schema: z.ZodType, path: YamlPath, value: unknown): readonly string[] {
  return knownKeys(z.toJSONSchema(schema, { io: 'input' }), path, value);
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The keys that a mapping at the path may have, read from the schema; of alternatives, the one whose `type` is the
 * value's, else, of those that are a mapping or a list as the value is, the one with most of its keys.
 */
function knownKeys(root: JsonSchema, path: YamlPath, value: unknown): string[] {
  let at: JsonSchema | undefined = root;
  for (const [depth, part] of path.entries()) {
    const next =
      typeof part === 'number' ? at?.items : (at?.properties?.[String(part)] ?? at?.additionalProperties);
    at = alternative(root, resolved(root, next), valueAt(value, path.slice(0, depth + 1)));
  }
  return Object.keys(at?.properties ?? {});
}

function alternative(root: JsonSchema, at: JsonSchema | undefined, value: unknown): JsonSchema | undefined {
  const branches = (at?.oneOf ?? at?.anyOf)?.map((branch) => resolved(root, branch));
  const type = valueAt(value, ['type']);
  return (
    branches?.find(
      (branch) => type !== undefined && asSchema(branch?.properties?.['type'])?.const === type,
    ) ??
    branches
      ?.filter((branch) => branch?.type === (Array.isArray(value) ? 'array' : 'object'))
      .toSorted((a, b) => keysIn(b, value) - keysIn(a, value))[0] ??
    at
  );
}

/** How many of a value’s keys a schema has. */
function keysIn(schema: JsonSchema | undefined, value: unknown): number {
  return Object.keys(schema?.properties ?? {}).filter((key) => valueAt(value, [key]) !== undefined).length;
}

/** What a part of a schema says; one that holds itself is kept beside, and referred to. */
function resolved(root: JsonSchema, part: unknown): JsonSchema | undefined {
  const schema = asSchema(part);
  const name = /^#\/\$defs\/(.+)$/.exec(schema?.$ref ?? '')?.[1];
  return name === undefined ? schema : asSchema(root.$defs?.[name]);
}

function asSchema(part: unknown): JsonSchema | undefined {
  return isSchema(part) ? part : undefined;
}

function isSchema(part: unknown): part is JsonSchema {
  return part !== null && typeof part === 'object';
}
