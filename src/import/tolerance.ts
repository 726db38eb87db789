import { z } from '../model/zod.ts';
import { providerSchema } from './provider.ts';

/** What Chaos Toolkit expects of a probe of the steady state. */

const target = z.string().min(1).optional();
const range = z.strictObject({
  type: z.literal('range'),
  target,
  range: z
    .tuple([z.number(), z.number()])
    .refine(([low, high]) => low <= high, 'the lower bound comes first'),
});
const regex = z.strictObject({ type: z.literal('regex'), target, pattern: z.string() });
const jsonpath = z.strictObject({
  type: z.literal('jsonpath'),
  target,
  path: z.string().trim().min(1),
  expect: z.json().optional(),
  count: z.int().min(0).optional(),
});
/** A further probe, which is handed the answer to the first. */
const probe = z.strictObject({
  type: z.literal('probe'),
  name: z.string().optional(),
  provider: providerSchema,
});
const structured = z.discriminatedUnion('type', [range, regex, jsonpath, probe]);

export const toleranceSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
  structured,
]);

export type Tolerance = z.output<typeof toleranceSchema>;
export type StructuredTolerance = z.output<typeof structured>;
