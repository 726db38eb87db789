import { actionSchema, activitySchema } from './action.ts';
import { blastRadiusSchema } from './blast-radius.ts';
import { checkSchema } from './check.ts';
import { gatesSchema } from './gate-schema.ts';
import { stopConditionSchema } from './stop-condition.ts';
import { argumentsSchema, parametersSchema, variablesSchema } from './variables.ts';
import { writeCheckSchema } from './write-check.ts';
import { z } from './zod.ts';

/** The scenario file. Field names are the format's own, so they stay in snake_case. */

const phaseShape = {
  name: z
    .string()
    .min(1)
    .describe('Where several phases share a name, rows and tables number them: `steady (2)`.'),
  duration_sec: z.number().positive().max(86_400).describe('How long the phase lasts, in seconds.'),
  until: z
    .literal('done')
    .optional()
    .describe(
      'Of the last phase: it ends as soon as all that was begun is over; duration_sec is then how long it lasts at most. Load counts where it has a duration_sec.',
    ),
  actions: z
    .array(actionSchema)
    .default([])
    .describe('Carried out at the start of the phase, in order, or at their `at_sec`.'),
} as const;

export const phaseSchema = z.strictObject(phaseShape);

/** A phase that may still lack what the place of its use says. */
const phaseBody = z.strictObject(phaseShape).partial();

const templateSchema = z.strictObject({
  description: z.string().optional().describe('One sentence for people.'),
  parameters: parametersSchema.optional(),
  phase: phaseBody.describe('What a phase that uses the template has, but for its own keys.'),
});

export const templatesSchema = z
  .record(z.string(), templateSchema)
  .describe('Phases by name, for `use` in place of a phase.');

/** In place of a phase: the phase of a template. What else stands there is the phase's own, and wins. */
export const useSchema = phaseBody.extend({
  use: z.string().min(1).describe('The name of a template of this scenario.'),
  with: argumentsSchema.optional(),
});

/** In place of a phase or an action: those of a fragment. */
export const includeSchema = z.strictObject({
  include: z.string().min(1).describe('Path of a fragment file, from the file in which this stands.'),
  with: argumentsSchema.optional(),
});

export const scenarioSchema = z
  .strictObject({
    name: z.string().min(1).max(200).describe('Short name; run ids are made from it.'),
    description: z.string().optional().describe('One sentence for people.'),
    mode: z
      .enum(['http', 'redis'])
      .optional()
      .describe('What is loaded. `--mode` wins; else it follows from the targets.'),
    variables: variablesSchema.optional(),
    templates: templatesSchema.optional(),
    blast_radius: blastRadiusSchema.optional(),
    stop_when: z
      .array(stopConditionSchema)
      .default([])
      .describe('Any of these ends the run early, with faults undone: it is stopped, not failed.'),
    steady_state: z
      .array(checkSchema)
      .default([])
      .describe('What is well in the system. Where it is not to begin with, nothing is disturbed.'),
    checks: z
      .array(writeCheckSchema)
      .default([])
      .describe('What is to be correct, not only quick: whether acknowledged writes are there in the end.'),
    gates: gatesSchema,
    phases: z.array(phaseSchema).min(1).describe('Worked through in order.'),
    rollbacks: z
      .array(activitySchema)
      .default([])
      .describe('Carried out at the end, one after the other, whatever ended the run.'),
  })
  .describe('A chaos scenario: phases of load and faults, worked through in order.');

function fragmentOf<Phase extends z.ZodType, Action extends z.ZodType>(phase: Phase, action: Action) {
  return z
    .strictObject({
      description: z.string().optional().describe('One sentence for people.'),
      parameters: parametersSchema.optional(),
      phases: z.array(phase).min(1).optional().describe('What an `include` among phases is replaced with.'),
      actions: z
        .array(action)
        .min(1)
        .optional()
        .describe('What an `include` among actions is replaced with.'),
    })
    .superRefine(({ phases, actions }, context) => {
      if ((phases === undefined) === (actions === undefined))
        context.addIssue({ code: 'custom', message: 'must have either `phases` or `actions`' });
    })
    .describe('Phases or actions that scenarios include, with parameters.');
}

/** A fragment file. */
export const fragmentSchema = fragmentOf(phaseSchema, actionSchema);

/** A fragment before anything is put into it: what its phases or actions come to is seen where it is included. */
export const fragmentForm = fragmentOf(z.unknown(), z.unknown());

export type Scenario = z.output<typeof scenarioSchema>;
