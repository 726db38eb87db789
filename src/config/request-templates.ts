import { parseTemplate, type Slot } from '../model/template.ts';
import { type Explained, isMapping, suggestion, valueAt } from './explain.ts';
import type { YamlPath } from './yaml.ts';

/** A column of a feed that some request is filled in from. */
export interface ColumnUse {
  readonly feed: string;
  readonly column: string;
  readonly path: YamlPath;
}

interface TemplateAt {
  readonly path: YamlPath;
  readonly text: string;
  /** The Redis operation that it is part of; null in an HTTP request. */
  readonly operation: unknown;
}

/** What is wrong with the templates of a config's requests. The values themselves may be secrets, and are not told. */
export function wrongTemplates(written: unknown): readonly Explained[] {
  const feeds = keysOf(valueAt(written, ['feeds']));
  return templatesIn(written).flatMap(({ path, text, operation }) => {
    const { parts, mistakes } = parseTemplate(text);
    const misplaced = parts.map((part) =>
      typeof part === 'string' ? null : objection(part, operation, feeds),
    );
    const messages = [...mistakes, ...misplaced.filter((message) => message !== null)];
    return [...new Set(messages)].map((message) => ({ path, message }));
  });
}

/** The columns that requests name, each as often as it stands there. */
export function columnUses(written: unknown): readonly ColumnUse[] {
  return templatesIn(written).flatMap(({ path, text }) =>
    parseTemplate(text).parts.flatMap((part) =>
      typeof part !== 'string' && part.kind === 'column'
        ? [{ feed: part.feed, column: part.column, path }]
        : [],
    ),
  );
}

function objection(slot: Slot, operation: unknown, feeds: readonly string[]): string | null {
  if (slot.kind === 'column')
    return feeds.includes(slot.feed)
      ? null
      : `there is no feed \`${slot.feed}\`${feeds.length === 0 ? ': the config has no `feeds`' : suggestion(slot.feed, feeds)}`;
  const key = slot.kind === 'key' ? 'keys' : 'value_bytes';
  if (slot.kind !== 'key' && slot.kind !== 'value') return null;
  if (operation === null) return `\`{{${slot.kind}}}\` is for the commands of Redis workloads`;
  return valueAt(operation, [key]) === undefined
    ? `\`{{${slot.kind}}}\` needs \`${key}\` beside the commands`
    : null;
}

/** All text of a config, as it was written, in which something may be filled in. */
function templatesIn(written: unknown): readonly TemplateAt[] {
  const named = keysOf(valueAt(written, ['workloads'])).map((name) => ['workloads', name]);
  const http = [['http_workload'], ...named.map((path) => [...path, 'http'])];
  const redis = [['redis_workload'], ...named.map((path) => [...path, 'redis'])];
  return [
    ...http.flatMap((path) => ofHttp(valueAt(written, path), path)),
    ...redis.flatMap((path) => ofRedis(valueAt(written, path), path)),
  ];
}

function ofHttp(workload: unknown, path: YamlPath): readonly TemplateAt[] {
  const requests = valueAt(workload, ['requests']);
  const each: readonly (readonly [unknown, YamlPath])[] = Array.isArray(requests)
    ? requests.map((request, index) => [request, [...path, 'requests', index]])
    : [[workload, path]];
  return each.flatMap(([request, at]) =>
    ['path', 'headers', 'body'].flatMap((key) => textsIn(valueAt(request, [key]), [...at, key], null)),
  );
}

function ofRedis(operations: unknown, path: YamlPath): readonly TemplateAt[] {
  if (!Array.isArray(operations)) return [];
  return operations.flatMap((operation: unknown, index) =>
    textsIn(valueAt(operation, ['commands']), [...path, index, 'commands'], operation),
  );
}

function textsIn(value: unknown, path: YamlPath, operation: unknown): readonly TemplateAt[] {
  if (typeof value === 'string') return [{ path, text: value, operation }];
  if (Array.isArray(value)) return value.flatMap((one, index) => textsIn(one, [...path, index], operation));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => textsIn(one, [...path, key], operation));
}

function keysOf(value: unknown): readonly string[] {
  return isMapping(value) ? Object.keys(value) : [];
}
