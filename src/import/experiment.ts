import { z } from '../model/zod.ts';
import { providerSchema } from './provider.ts';
import { toleranceSchema } from './tolerance.ts';

/** An experiment file of Chaos Toolkit. Field names are its format's own, so they stay as they are. */

const text = z.string().min(1);
/** A number of seconds, or `${name}` for one. */
const seconds = z.union([z.number().min(0), z.string().regex(/^\$\{\w+\}$/, 'must be a number of seconds')]);
/** What may stand there in any form: it is named as not supported, or changes nothing. */
const anything = z.unknown().optional();

const activityFields = {
  name: text,
  provider: providerSchema,
  background: z.boolean().optional(),
  pauses: z.strictObject({ before: seconds.optional(), after: seconds.optional() }).optional(),
  tolerance: toleranceSchema.optional(),
  controls: anything,
  secrets: anything,
  secret: anything,
  configuration: anything,
  timeout: anything,
} as const;
const probe = z.strictObject({ type: z.literal('probe'), ...activityFields });
const action = z.strictObject({ type: z.literal('action'), ...activityFields });
const reference = z.strictObject({ type: z.literal('ref'), ref: text });

/** `{ ref: name }` has no type in the format; here it has one, so that each mistake is told of the right form. */
function typed(value: unknown): unknown {
  const isReference = value !== null && typeof value === 'object' && 'ref' in value && !('type' in value);
  return isReference ? { type: 'ref', ...value } : value;
}

const activitySchema = z.preprocess(typed, z.discriminatedUnion('type', [probe, action, reference]));
const judged = { tolerance: toleranceSchema } as const;
const hypothesisProbe = z.preprocess(
  typed,
  z.discriminatedUnion('type', [probe.extend(judged), reference.extend(judged)]),
);

const settingSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.json()),
  z.record(z.string(), z.json()),
]);

export const experimentSchema = z
  .strictObject({
    version: z.union([z.string(), z.number()]).optional(),
    title: text,
    description: text,
    tags: z.array(text).optional(),
    contributions: z.record(z.string(), z.enum(['high', 'medium', 'low', 'none'])).optional(),
    configuration: z.record(z.string(), settingSchema).optional(),
    secrets: z.record(z.string(), settingSchema).optional(),
    controls: anything,
    extensions: anything,
    runtime: anything,
    dry: z.boolean().optional(),
    'steady-state-hypothesis': z
      .strictObject({ title: text, probes: z.array(hypothesisProbe).default([]), controls: anything })
      .optional(),
    method: z.array(activitySchema),
    rollbacks: z.array(activitySchema).default([]),
  })
  .superRefine((experiment, context) => {
    const lists = listsOf(experiment);
    const declared = declaredIn(experiment);
    for (const { path, activities } of lists)
      for (const [index, activity] of activities.entries())
        if (activity.type === 'ref' && !declared.has(activity.ref)) {
          const message = 'there is no activity of that name';
          context.addIssue({ code: 'custom', path: [...path, index, 'ref'], message });
        }
  });

export type Experiment = z.output<typeof experimentSchema>;
export type Activity = z.output<typeof activitySchema>;
/** An activity that is declared in full. */
export type Declared = Exclude<Activity, { type: 'ref' }>;
export type Setting = z.output<typeof settingSchema>;

/** An activity and where it stands in the experiment. */
export interface Placed {
  readonly activity: Declared;
  readonly path: readonly (string | number)[];
}

type Lists = Pick<Experiment, 'steady-state-hypothesis' | 'method' | 'rollbacks'>;

function listsOf(experiment: Lists) {
  const { 'steady-state-hypothesis': hypothesis, method, rollbacks } = experiment;
  return [
    { path: ['steady-state-hypothesis', 'probes'], activities: hypothesis?.probes ?? [] },
    { path: ['method'], activities: method },
    { path: ['rollbacks'], activities: rollbacks },
  ] as const;
}

/** The activities that are declared in full, by name. Of two with one name the last counts. */
export function declaredIn(experiment: Lists): ReadonlyMap<string, Placed> {
  return new Map(
    listsOf(experiment).flatMap(({ path, activities }) =>
      activities.flatMap((activity, index) =>
        activity.type === 'ref' ? [] : [[activity.name, { activity, path: [...path, index] }] as const],
      ),
    ),
  );
}
