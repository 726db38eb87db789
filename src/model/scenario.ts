import { z } from 'zod';
import { actionSchema } from './action.ts';
import { blastRadiusSchema } from './blast-radius.ts';
import { stopConditionSchema } from './stop-condition.ts';

/** The scenario file. Field names are the format's own, so they stay in snake_case. */

const phaseSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .describe('Where several phases share a name, rows and tables number them: `steady (2)`.'),
  duration_sec: z.number().positive().max(86_400).describe('How long the phase lasts, in seconds.'),
  actions: z
    .array(actionSchema)
    .default([])
    .describe('Carried out at the start of the phase, in order, or at their `at_sec`.'),
});

export const scenarioSchema = z
  .strictObject({
    name: z.string().min(1).max(200).describe('Short name; run ids are made from it.'),
    description: z.string().optional().describe('One sentence for people.'),
    mode: z
      .enum(['http', 'redis'])
      .optional()
      .describe('What is loaded. `--mode` wins; else it follows from the targets.'),
    blast_radius: blastRadiusSchema.optional(),
    stop_when: z
      .array(stopConditionSchema)
      .default([])
      .describe('Any of these ends the run early, with faults undone: it is stopped, not failed.'),
    phases: z.array(phaseSchema).min(1).describe('Worked through in order.'),
  })
  .describe('A chaos scenario: phases of load and faults, worked through in order.');

export type Scenario = z.output<typeof scenarioSchema>;
