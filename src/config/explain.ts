import { z } from 'zod';
import { nearest } from '../model/nearest.ts';
import type { YamlPath } from './yaml.ts';

type Issue = z.core.$ZodIssue;

/** A zod issue as one mistake for people, and whether it stands at a key or at a value. */
export interface Explained {
  readonly path: YamlPath;
  /** Set where the mistake is the key itself. */
  readonly key?: string;
  readonly message: string;
}

/** Says what is wrong and what would be right. One issue of several unknown keys gives one mistake for each. */
export function explain(issue: Issue, schema: z.ZodType, value: unknown): readonly Explained[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(z.toJSONSchema(schema, { io: 'input' }), issue.path, value);
    return issue.keys.map((key) => ({
      path: issue.path,
      key,
      message: `unknown key \`${key}\`${inPlace(issue.path)}${suggestion(key, known)}`,
    }));
  }
  const name = pathText(issue.path);
  const given = valueAt(value, issue.path);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    const options = issue.options.map(String);
    const message =
      given === undefined
        ? `\`${name}\` is missing: one of ${options.join(', ')}`
        : `unknown ${name.split('.').at(-1)} ${show(given)}${suggestion(show(given), options)}`;
    return [{ path: issue.path, message }];
  }
  if (issue.code === 'invalid_value') {
    return [
      {
        path: issue.path,
        message: `\`${name}\` is ${show(given)}${suggestion(show(given), issue.values.map(String))}`,
      },
    ];
  }
  if (issue.code === 'invalid_type') {
    if (given === undefined)
      return [{ path: issue.path, message: `\`${name}\` is missing: ${article(issue.expected)}` }];
    return [
      { path: issue.path, message: `\`${name}\` is ${show(given)}, but must be ${article(issue.expected)}` },
    ];
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    return [{ path: issue.path, message: `\`${name}\` is ${show(given)}, but must be ${bound(issue)}` }];
  }
  if (issue.code === 'invalid_union') {
    return [{ path: issue.path, message: `\`${name}\` is ${show(given)}: ${unionReason(issue.errors)}` }];
  }
  return [{ path: issue.path, message: `\`${name}\` is ${show(given)}: ${issue.message}` }];
}

/** `phases[1].actions[0].rps` */
function pathText(path: YamlPath): string {
  let text = '';
  for (const part of path)
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`;
  return text === '' ? 'the file' : text;
}

/** `; did you mean \`rps\`? Known: …`: the nearest word where one is near, and all there are. */
export function suggestion(quotedWord: string, known: readonly string[]): string {
  const word = quotedWord.replaceAll('`', '');
  if (known.length === 0) return '';
  const meant = nearest(word, known);
  return `${meant === undefined ? '.' : `; did you mean \`${meant}\`?`} Known: ${known.join(', ')}`;
}

function inPlace(path: YamlPath): string {
  return path.length === 0 ? '' : ` in ${pathText(path)}`;
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

/** Of the alternatives' complaints, the one that got furthest is the most telling. */
function unionReason(errors: readonly (readonly Issue[])[]): string {
  const told = errors.flat().filter((issue) => issue.code !== 'invalid_type');
  const types = errors
    .flat()
    .flatMap((issue) => (issue.code === 'invalid_type' ? [article(issue.expected)] : []));
  return told[0]?.message ?? `must be ${[...new Set(types)].join(' or ')}`;
}

function article(expected: string): string {
  const word =
    { object: 'mapping', array: 'list', int: 'whole number', string: 'text', record: 'mapping' }[expected] ??
    expected;
  return word === 'text' ? word : `a ${word}`;
}

function show(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return `\`${value}\``;
  return 'a mapping';
}

function valueAt(root: unknown, path: YamlPath): unknown {
  let value = root;
  for (const part of path) {
    if (value === null || typeof value !== 'object') return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The keys that a mapping at the path may have, read from the schema; of alternatives, the one whose `type` is the value's. */
function knownKeys(schema: JsonSchema, path: YamlPath, value: unknown): string[] {
  let at: JsonSchema | undefined = schema;
  for (const [depth, part] of path.entries()) {
    at = typeof part === 'number' ? asSchema(at?.items) : asSchema(at?.properties?.[String(part)]);
    const type = valueAt(value, [...path.slice(0, depth + 1), 'type']);
    const branch = (at?.oneOf ?? at?.anyOf)?.find(
      (one) => asSchema(asSchema(one)?.properties?.['type'])?.const === type,
    );
    if (branch !== undefined) at = asSchema(branch);
  }
  return Object.keys(at?.properties ?? {});
}

function asSchema(part: unknown): JsonSchema | undefined {
  return isSchema(part) ? part : undefined;
}

function isSchema(part: unknown): part is JsonSchema {
  return part !== null && typeof part === 'object';
}
