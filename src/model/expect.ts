import { jsonPathMistake } from './json-path.ts';
import { hasUnknownKeys, oneOf, tell } from './one-of.ts';
import type { ProbeKind } from './probe.ts';
import { z } from './zod.ts';

/** What must be answered. Field names are the format's own, so they stay in snake_case. */

const value = z.union([z.string(), z.number(), z.boolean()]);
const values = z.array(z.union([z.string(), z.number()])).min(1);

export const regex = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    try {
      RegExp(text, 'u');
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/^.*: /, '') : '';
      context.addIssue({ code: 'custom', message: `must be a regular expression (${reason})` });
    }
  })
  .describe('A regular expression (JavaScript’s) that is found somewhere in the text.');
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low <= high, 'the lower bound comes first')
  .describe('[low, high]: a number from low to high, both included.');

const plainMatcher = z.union([
  value,
  values,
  z.strictObject({ regex: regex.optional(), range: range.optional() }).superRefine(oneOf(['regex', 'range'])),
]);

const matchers = ['regex', 'range', 'jsonpath'] as const;
const matcherFields = {
  regex: regex.optional(),
  range: range.optional(),
  jsonpath: z
    .string()
    .superRefine((text, context) => {
      const mistake = jsonPathMistake(text);
      if (mistake !== null) context.addIssue({ code: 'custom', message: mistake });
    })
    .optional()
    .describe('A JSONPath (RFC 9535) into the answer read as JSON; by itself: it finds something.'),
  equals: z.json().optional().describe('What the jsonpath finds: the one value, or the list of all of them.'),
  count: z.int().min(0).optional().describe('How many values the jsonpath finds.'),
  expect: plainMatcher
    .optional()
    .describe('What each value must be that the jsonpath finds, and there is one.'),
} as const;

/** One part of an answer. */
const matcherSchema = z
  .union([
    value.describe('This very value.'),
    values.describe('Any of these values.'),
    z.strictObject(matcherFields).superRefine((fields, context) => {
      if (jsonPathIsThere(fields, context)) oneOf(matchers)(fields, context);
    }),
  ])
  .meta({
    id: 'matcher',
    description: 'A value, a list of allowed values, or a mapping with regex, range or jsonpath.',
  });

/** The parts that the answer to each kind of probe has. */
export const partFields = {
  http: {
    status: matcherSchema.optional().describe('Of http: such as 200, 2xx or [200, 404]. Default: 2xx.'),
    headers: z.record(z.string().min(1), matcherSchema).optional().describe('Of http, by name.'),
    body: matcherSchema.optional().describe('Of http.'),
  },
  tcp: {},
  redis: { reply: matcherSchema.optional().describe('Of redis.') },
  command: {
    exit: matcherSchema
      .optional()
      .describe('Of a command: its exit code, 128 + N where signal N ended it. Default: 0.'),
    stdout: matcherSchema.optional().describe('Of a command: what it said.'),
    stderr: matcherSchema.optional().describe('Of a command: what it complained of.'),
  },
} as const;
export const allPartFields = { ...partFields.http, ...partFields.redis, ...partFields.command } as const;

export type Part = keyof typeof allPartFields;
export type Matcher = z.output<typeof matcherSchema>;

/** An expectation as a value, a list of them, or a mapping: of the whole answer, or of the parts that these fields name. */
export function expectWith<S extends z.core.$ZodShape>(fields: S) {
  const mapping = z.strictObject({ ...matcherFields, ...fields }).superRefine((fields, context) => {
    const given = Object.keys(fields).filter((key) => Reflect.get(fields, key) !== undefined);
    const whole = given.filter((key) => matchers.some((one) => one === key));
    const inParts = given.filter((key) => key in allPartFields);
    if (!jsonPathIsThere(fields, context)) return;
    if (given.length === 0 && !hasUnknownKeys(context))
      tell(context, [], 'says nothing that is to be expected');
    if (whole.length > 0) oneOf(matchers)(fields, context);
    for (const key of inParts.length > 0 ? whole : [])
      tell(context, [key], `stands either by itself or within ${inParts.join(' or ')}`);
  });
  return z
    .union([
      value.describe(
        'A number, or 2xx: the status or exit code, or the reply. Text: the body, output or reply. true: as by default; false: not so.',
      ),
      values.describe('Any of these.'),
      mapping,
    ])
    .describe(
      'Default: of http a status 2xx, of command exit 0, of tcp that it connects, of redis no error.',
    );
}

/** Tells of what is expected and a probe of this kind cannot answer, each at its key below `path`. */
export function refuseForeignParts(
  kind: ProbeKind,
  expect: unknown,
  context: z.RefinementCtx,
  path: readonly string[] = ['expect'],
): void {
  const own = Object.keys(partFields[kind]);
  if (kind === 'tcp' && expect !== undefined && typeof expect !== 'boolean')
    return tell(context, path, 'of tcp only true (it connects) or false can be expected');
  if (expect === null || typeof expect !== 'object') return;
  for (const key of Object.keys(expect)) {
    if (!(key in allPartFields) || own.includes(key)) continue;
    tell(context, [...path, key], `the answer of ${kind} has no ${key}; it has ${own.join(', ')}`);
  }
}

/** Whether what is said of a jsonpath's values stands beside a jsonpath. */
function jsonPathIsThere(fields: object, context: z.RefinementCtx): boolean {
  const lost = ['equals', 'count', 'expect'].filter((key) => Reflect.get(fields, key) !== undefined);
  if (lost.length === 0 || Reflect.get(fields, 'jsonpath') !== undefined) return true;
  for (const key of lost) tell(context, [key], 'says what a jsonpath finds, and there is none');
  return false;
}
