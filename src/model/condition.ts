import {
  type Check,
  type Look,
  lookFields,
  lookOf,
  lookRules,
  nodesOfLook,
  type WrittenLook,
} from './check.ts';
import { shownText } from './shown-text.ts';
import { type MetricCondition, parseMetricCondition, parsesWith } from './stop-condition.ts';
import { z } from './zod.ts';

/** The conditions of `if` and `wait_until`. */

const textSchema = z
  .string()
  .superRefine(parsesWith(parseText))
  .describe('A metric, such as `error_rate < 1%`, or `NODE is healthy`, or `NODE is down`.');

const combined = ['all', 'any', 'not'] as const;
const mappingSchema = z
  .strictObject({
    ...lookFields,
    get all() {
      return z.array(conditionSchema).min(1).optional().describe('Each of these holds.');
    },
    get any() {
      return z.array(conditionSchema).min(1).optional().describe('At least one of these holds.');
    },
    get not() {
      return conditionSchema.optional().describe('This does not hold.');
    },
  })
  .superRefine(lookRules(['http', 'tcp', 'redis', 'command', ...combined]))
  .superRefine((fields, context) => {
    const other = combined.find((key) => fields[key] !== undefined);
    if (other !== undefined && fields.expect !== undefined)
      context.addIssue({ code: 'custom', path: ['expect'], message: `belongs to a probe, not to ${other}` });
  });

/** A text, or a mapping with a probe, `all`, `any` or `not`. */
export const conditionSchema: z.ZodType<WrittenCondition> = z.union([textSchema, mappingSchema]).meta({
  id: 'condition',
  description: 'What must hold: a text on a metric or a node, a probe, or all, any or not of such.',
});

/** As it stands in a file. */
export type WrittenCondition =
  | string
  | (WrittenLook & {
      readonly all?: WrittenCondition[] | undefined;
      readonly any?: WrittenCondition[] | undefined;
      readonly not?: WrittenCondition | undefined;
    });

export interface NodeCondition {
  readonly node: string;
  readonly is: 'healthy' | 'down';
}

/** A condition in the one form that the rest of the code knows. */
export type Condition =
  | { readonly kind: 'metric'; readonly metric: MetricCondition }
  | ({ readonly kind: 'node' } & NodeCondition)
  | { readonly kind: 'look'; readonly look: Look }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

/** The condition that was written: a value of the schema. */
export function conditionOf(written: WrittenCondition): Condition {
  if (typeof written === 'string') {
    const parsed = parseText(written);
    if (typeof parsed === 'string') throw new Error(parsed);
    return parsed;
  }
  const { all, any, not } = written;
  if (all !== undefined) return { kind: 'all', of: all.map(conditionOf) };
  if (any !== undefined) return { kind: 'any', of: any.map(conditionOf) };
  if (not !== undefined) return { kind: 'not', of: conditionOf(not) };
  return { kind: 'look', look: lookOf(written) };
}

/** What a steady-state check wants to hold. */
export function conditionOfCheck({ metric, ...written }: Check): Condition {
  return metric === undefined ? { kind: 'look', look: lookOf(written) } : conditionOf(metric);
}

/** The nodes that a condition names, for a plan to see that there are such. */
export function nodesNamed(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'node':
      return [condition.node];
    case 'all':
    case 'any':
      return condition.of.flatMap(nodesNamed);
    case 'not':
      return nodesNamed(condition.of);
    case 'look':
      return nodesOfLook(condition.look);
    case 'metric':
      return [];
  }
}

/** A metric or a node; or what is wrong with the text, as a clause. */
function parseText(text: string): Condition | string {
  const [, node, is] = /^(\S+)\s+is\s+(\S+)$/.exec(text.trim()) ?? [];
  if (node === undefined) {
    const metric = parseMetricCondition(text);
    if (typeof metric !== 'string') return { kind: 'metric', metric };
    return /[<>]/.test(text) ? metric : `${metric}; or NODE is healthy, or NODE is down`;
  }
  if (is === 'healthy' || is === 'down') return { kind: 'node', node, is };
  return `a node is healthy or down, not \`${shownText(is ?? '')}\``;
}
