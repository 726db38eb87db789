import type { YamlPath } from '../config/yaml.ts';
import type { Json } from '../model/disturber.ts';
import { jsonPathMistake } from '../model/json-path.ts';
import { type Context, isList, type Part, put } from './context.ts';
import { rfcPath } from './json-path.ts';
import { javascriptPattern } from './python-regex.ts';
import { literal } from './template.ts';
import type { StructuredTolerance, Tolerance } from './tolerance.ts';

/** What answers: a request or a command. Their answers have parts, by the names of Chaos Toolkit and by ours. */
export type Answerer = 'http' | 'command';

const partNames = {
  http: { status: 'status', body: 'body' },
  command: { status: 'exit', stdout: 'stdout', stderr: 'stderr' },
} as const satisfies Record<Answerer, Readonly<Record<string, string>>>;
const statusPart = { http: 'status', command: 'exit' } as const;
const textPart = { http: 'body', command: 'stdout' } as const;

/** Any answer at all will do: Chaos Toolkit judges nothing by itself. */
export function anyAnswer(answerer: Answerer): Part {
  return answerer === 'http' ? { status: { range: [100, 599] } } : { exit: { range: [0, 255] } };
}

/** What the expectation of a tolerance is made with. */
export interface Judging {
  readonly context: Context;
  readonly answerer: Answerer;
  /** Where the tolerance stands. */
  readonly path: YamlPath;
  /** Whether the command is started by a shell, which tells of signals by its exit code. */
  readonly isShell: boolean;
  /** Takes what the user should know of it. */
  readonly say: (message: string) => void;
}

/** Everything but a further probe; null where it has no counterpart, which is told. */
export function expectation(tolerance: Exclude<Tolerance, { type: 'probe' }>, judging: Judging): Json | null {
  const { context, answerer, path, say } = judging;
  const status = statusPart[answerer];
  if (typeof tolerance === 'boolean') {
    say(
      'Chaos Toolkit compares the whole answer with true or false, which never holds; here it means success or failure',
    );
    return tolerance;
  }
  if (typeof tolerance === 'number') return { [status]: exitCode(tolerance, judging) };
  if (typeof tolerance === 'string') {
    const text = put(context, tolerance, path);
    if (/^\$\{\w+\}$/.test(text)) return text;
    say(
      `Chaos Toolkit compares the whole answer with this text, which never holds; here its ${textPart[answerer]} must be this`,
    );
    return { ...anyAnswer(answerer), [textPart[answerer]]: text };
  }
  if (!Array.isArray(tolerance)) return structured(tolerance, judging);
  const numbers = tolerance.filter((one) => typeof one === 'number');
  if (numbers.length < tolerance.length)
    context.ledger.refuse(path, `a ${status} is a number: true, false or a text in the list never holds`);
  if (numbers.length === 0) return null;
  if (tolerance.length === 2)
    say('one of these two: so it is in Chaos Toolkit for a status, though its documentation says from … to');
  return { [status]: numbers.map((one) => exitCode(one, judging)) };
}

/** Python gives a process that signal N ended the exit code −N. */
function exitCode(code: number, { answerer, isShell }: Judging): number {
  return answerer === 'command' && !isShell && code < 0 ? 128 - code : code;
}

function structured(
  tolerance: Exclude<StructuredTolerance, { type: 'probe' }>,
  judging: Judging,
): Json | null {
  const { answerer } = judging;
  const any = anyAnswer(answerer);
  if (tolerance.type === 'range') {
    const part = partOf(tolerance.target, statusPart[answerer], judging);
    return part === null ? null : { ...any, [part]: { range: tolerance.range } };
  }
  if (tolerance.type === 'regex') {
    const part = partOf(tolerance.target, textPart[answerer], judging);
    const regex = pattern(tolerance.pattern, judging);
    return part === null || regex === null ? null : { ...any, [part]: { regex } };
  }
  return found(tolerance, judging);
}

type JsonPathTolerance = Extract<Tolerance, { type: 'jsonpath' }>;

function found({ target, path, expect, count }: JsonPathTolerance, judging: Judging): Json | null {
  const { answerer, say } = judging;
  const any = anyAnswer(answerer);
  // Without a target it is the whole answer that the path leads into: of one to a request, it can be the body.
  const inBody = /^\$\.body(?=$|[.[])/;
  const isWhole = target === undefined && answerer === 'http' && inBody.test(path);
  const part = isWhole ? 'body' : target === undefined ? noTarget(judging) : partOf(target, '', judging);
  const jsonpath = jsonPath(isWhole ? path.replace(inBody, '$') : path, judging);
  if (expect !== undefined && count !== undefined)
    say('beside `expect`, Chaos Toolkit does not heed `count`');
  const wanted = expect !== undefined ? { equals: literalAll(expect) } : count !== undefined ? { count } : {};
  return part === null || jsonpath === null ? null : { ...any, [part]: { jsonpath, ...wanted } };
}

function noTarget({ context, path }: Judging): null {
  const message =
    'without a `target`, this path leads into the whole answer; give the target, and the path within it';
  context.ledger.refuse(path, message);
  return null;
}

/** The part of the answer that is looked at; null where it has none of that name. */
function partOf(
  target: string | undefined,
  byDefault: string,
  { context, answerer, path, say }: Judging,
): string | null {
  if (target === undefined) {
    say(`no target is given, and the whole answer cannot be judged in this way; here its ${byDefault} is`);
    return byDefault;
  }
  const known: Readonly<Record<string, string>> = partNames[answerer];
  const part = known[target];
  if (part !== undefined) return part;
  const names = Object.keys(known).join(', ');
  context.ledger.refuse(
    [...path, 'target'],
    `the answer has no \`${target}\` that can be judged in this way; it has ${names}`,
  );
  return null;
}

function pattern(python: string, { context, path }: Judging): string | null {
  const at = [...path, 'pattern'];
  let reason: string | undefined;
  const text = put(context, python, at, (marked) => {
    const translated = javascriptPattern(marked);
    if ('pattern' in translated) return translated.pattern;
    reason = translated.reason;
    return marked;
  });
  if (reason === undefined) return text;
  context.ledger.refuse(at, `this regular expression of Python has no counterpart: ${reason}`);
  return null;
}

function jsonPath(path: string, judging: Judging): string | null {
  const { context } = judging;
  const at = [...judging.path, 'path'];
  let reason: string | undefined;
  const text = put(context, path, at, (marked) => {
    const translated = rfcPath(marked);
    if ('path' in translated) return translated.path;
    reason = translated.reason;
    return marked;
  });
  reason ??= /\$\{/.test(text) ? undefined : (jsonPathMistake(text) ?? undefined);
  if (reason === undefined) return text;
  context.ledger.refuse(at, `this JSONPath has no counterpart: ${reason}`);
  return null;
}

/** A value of JSON that is put in as it stands. */
function literalAll(value: Json): Json {
  if (typeof value === 'string') return literal(value);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(literalAll);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, literalAll(part)]));
}
