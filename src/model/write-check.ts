import { jsonPathMistake } from './json-path.ts';
import { httpMethod } from './probe.ts';
import { z } from './zod.ts';

/** Checks of what was written: `checks` of a scenario. Field names are the format's own, so they stay in snake_case. */

const tokenSlot = '{{token}}';
const tokenMissing = `must have ${tokenSlot} in it, which stands for what is written`;
const nodeName = z.string().min(1);
const nodeNames = z.union([nodeName, z.array(nodeName).min(1)]).transform((names) => [names].flat());
const path = z.string().startsWith('/', 'must start with /');
const headers = z
  .record(z.string(), z.string())
  .default({})
  .describe('Sent with the request, as they stand here.');

const writeRequest = z
  .strictObject({
    method: httpMethod.default('POST'),
    path,
    headers,
    body: z.json().optional().describe('Text as it is; anything else as JSON.'),
  })
  .refine(namesToken, tokenMissing)
  .describe(
    'What writes a token: a good status (2xx) acknowledges it, 4xx refuses it; of others nothing is known.',
  );
const readRequest = z
  .strictObject({
    path,
    headers,
    contains: z
      .string()
      .min(1)
      .optional()
      .describe('It is there if this stands in the body; default: if the status is good (2xx).'),
    count: z
      .string()
      .superRefine((text, context) => {
        const message = jsonPathMistake(text);
        if (message !== null) context.addIssue({ code: 'custom', message });
      })
      .optional()
      .describe(
        'It is there as often as this JSONPath finds something in the body: more than once is a duplicate.',
      ),
  })
  .refine(namesToken, tokenMissing)
  .refine(({ contains, count }) => contains === undefined || count === undefined, {
    path: ['count'],
    message: 'stands beside `contains`; only one of them can be',
  })
  .describe('What reads a token back. Not there: 404, 410, or a good status without it.');

const lostWrites = z.strictObject({
  name: z.string().min(1).max(200).optional().describe('What is written, in words; default: its nodes.'),
  target: nodeNames.describe(
    'The node that is written to, or several: of Redis nodes the one that is the primary at the time; of HTTP nodes each in its turn.',
  ),
  rps: z.number().positive().max(200).default(10).describe('Writes per second.'),
  timeout_sec: z
    .number()
    .positive()
    .max(60)
    .default(1)
    .describe('Without an answer for this long, a write may or may not have been done.'),
  wait: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe('Redis: a write is acknowledged when so many replicas have it too (WAIT); default: 0.'),
  read_from: nodeNames
    .optional()
    .describe('Who is asked for each write as soon as it is acknowledged; default: the node that took it.'),
  settle_sec: z
    .number()
    .min(0)
    .max(600)
    .default(1)
    .describe('How long, when all is undone, a write may take to turn up.'),
  http: z
    .strictObject({
      write: writeRequest,
      read: readRequest,
      verify_tls: z.boolean().default(true).describe('false: any certificate will do.'),
    })
    .optional()
    .describe('For HTTP nodes: how a token is written and read. `{{token}}` stands for it.'),
});

export const writeCheckSchema = z
  .strictObject({
    lost_writes: lostWrites.describe('Whether what was acknowledged is there when all is undone.'),
  })
  .describe('Unique tokens are written while the run goes, and read back when all is undone.');

export type LostWrites = z.output<typeof lostWrites>;
export type HttpTokens = NonNullable<LostWrites['http']>;

/** A text, or what else can be in JSON, with the token put in. */
export function withToken<T extends z.core.util.JSONType>(value: T, token: string): T {
  const filled: unknown = JSON.parse(JSON.stringify(value).replaceAll(tokenSlot, token));
  // The same value, but for what stands in its texts; a token needs no escaping.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return filled as T;
}

function namesToken(request: object): boolean {
  return JSON.stringify(request).includes(tokenSlot);
}
