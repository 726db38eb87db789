import { allPartFields, expectWith, partFields, refuseForeignParts } from './expect.ts';
import { oneOf } from './one-of.ts';
import {
  commandFields,
  commandProbeOf,
  httpFields,
  httpProbeOf,
  type Probe,
  probeFields,
  probeOf,
  timeoutField,
  type WrittenProbe,
} from './probe.ts';
import { nodesOfRedis, redisFields, redisProbeOf } from './redis-probe.ts';
import { metricSchema } from './stop-condition.ts';
import { z } from './zod.ts';

/** Steady-state checks, and what else looks at the system under test: a probe, and what must be answered. */

const probeKeys = ['http', 'tcp', 'redis', 'command'] as const;

const furtherLook = z
  .strictObject({ ...probeFields, ...timeoutField, expect: expectWith(allPartFields).optional() })
  .superRefine(lookRules(probeKeys))
  .meta({
    id: 'further_probe',
    description:
      'A further probe, which must hold too; a command finds the answer to the first on its stdin.',
  });

const further = { probe: furtherLook.optional() };
const expectSchema = expectWith({ ...allPartFields, ...further }).meta({ id: 'expect' });
export type Expect = z.output<typeof expectSchema>;

/** The fields of a look: exactly one probe, and what is expected of it. To be refined by `lookRules`. */
export const lookFields = { ...probeFields, ...timeoutField, expect: expectSchema.optional() } as const;

/** That there is exactly one of these keys, and that what is expected fits the probe. */
export function lookRules(keys: readonly string[]) {
  return (fields: object, context: z.RefinementCtx): void => {
    oneOf(keys)(fields, context);
    const kind = probeKeys.find((key) => Reflect.get(fields, key) !== undefined);
    if (kind !== undefined) refuseForeignParts(kind, Reflect.get(fields, 'expect'), context);
  };
}

export const checkSchema = z
  .strictObject({
    name: z.string().min(1).max(200).describe('What is well when it holds: `the API answers`.'),
    ...lookFields,
    metric: metricSchema.optional().describe('In place of a probe: such as `error_rate < 1%`.'),
    when: z
      .array(z.enum(['before', 'during', 'after']))
      .min(1)
      .default(['before', 'after'])
      .describe('before the first fault, during the run, after all is undone. Default: before and after.'),
    every_sec: z
      .number()
      .min(0.1)
      .max(3600)
      .default(1)
      .describe('How often it is looked at during the run, in seconds.'),
  })
  .superRefine((fields, context) => {
    lookRules([...probeKeys, 'metric'])(fields, context);
    if (fields.metric !== undefined && fields.expect !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['expect'],
        message: 'a metric says itself what is expected',
      });
  })
  .describe('A steady-state check: a probe or a metric, and what is expected.');

export type Check = z.output<typeof checkSchema>;

/** The fields of the action `http_request`, beside its type and times. */
export const httpRequestFields = {
  ...httpFields,
  ...timeoutField,
  expect: expectWith({ ...partFields.http, ...further }).optional(),
} as const;

/** The fields of the action `run_command`, beside its type and times. */
export const runCommandFields = {
  ...commandFields,
  ...timeoutField,
  expect: expectWith({ ...partFields.command, ...further }).optional(),
} as const;

/** The fields of the action `redis_command`, beside its type and times. To be refined by `redisRule`. */
export const redisCommandFields = {
  ...redisFields,
  ...timeoutField,
  expect: expectWith({ ...partFields.redis, ...further }).optional(),
} as const;

/** A probe and what must be answered, in the one form that the rest of the code knows. */
export interface Look {
  readonly probe: Probe;
  /** Undefined: what is expected of that kind of probe by default. */
  readonly expect: Expect | undefined;
}

/** As it stands in a file. */
export type WrittenLook = WrittenProbe & { readonly expect?: Expect | undefined };

/** The look of a check or of a condition, or further to another. */
export function lookOf(written: WrittenLook): Look {
  return { probe: probeOf(written), expect: written.expect };
}

type HttpRequestFields = z.output<z.ZodObject<typeof httpRequestFields>>;
type RedisCommandFields = z.output<z.ZodObject<typeof redisCommandFields>>;
type RunCommandFields = z.output<z.ZodObject<typeof runCommandFields>>;

/** The look that an action `http_request` is. */
export function lookOfRequest(action: HttpRequestFields): Look {
  return { probe: httpProbeOf(action), expect: action.expect };
}

/** The look that an action `run_command` is. */
export function lookOfCommand(action: RunCommandFields): Look {
  return { probe: commandProbeOf(action), expect: action.expect };
}

/** The look that an action `redis_command` is. */
export function lookOfRedis(action: RedisCommandFields): Look {
  return { probe: redisProbeOf(action), expect: action.expect };
}

/** The nodes that a look names, its further probe's with them. */
export function nodesOfLook({ probe, expect }: Look): readonly string[] {
  const own = probe.kind === 'redis' ? nodesOfRedis(probe) : [];
  const next = typeof expect === 'object' && !Array.isArray(expect) ? expect.probe : undefined;
  return next === undefined ? own : [...own, ...nodesOfLook(lookOf(next))];
}
