import { z } from 'zod';
import { blastRadiusSchema } from './blast-radius.ts';
import { parseStopCondition } from './stop-condition.ts';

/** The scenario file. Field names are the format's own, so they stay in snake_case. */

const target = z
  .string()
  .min(1)
  .describe('`all_nodes` (the nodes of the run’s mode) or a service name from config.yaml.');

const rps = z
  .number()
  .positive()
  .max(100_000)
  .describe(
    'Arrival rate of the open model: requests due per second, over all nodes of the target together.',
  );

const startLoad = z
  .strictObject({ type: z.literal('start_load'), target, rps })
  .describe('Start load, or change it where it runs already.');
const continueLoad = z
  .strictObject({ type: z.literal('continue_load'), target: target.optional(), rps: rps.optional() })
  .describe('Go on with load. What is left out stays as it was.');
const stopLoad = z
  .strictObject({ type: z.literal('stop_load'), target: target.optional() })
  .describe('Stop sending. Requests in flight are still waited for and recorded.');
const killNode = z
  .strictObject({ type: z.literal('kill_node'), target })
  .describe('SIGKILL the node. Undone by starting it.');
const stopNode = z
  .strictObject({
    type: z.literal('stop_node'),
    target,
    grace_sec: z.number().min(0).max(600).default(10).describe('Seconds between SIGTERM and SIGKILL.'),
  })
  .describe('SIGTERM the node, SIGKILL after the grace. Undone by starting it.');
const pauseNode = z
  .strictObject({ type: z.literal('pause_node'), target })
  .describe('Freeze the node: it accepts connections and answers nothing. Undone by unpausing it.');
const unpauseNode = z
  .strictObject({ type: z.literal('unpause_node'), target })
  .describe('Undo an earlier pause_node.');
const restartNode = z
  .strictObject({ type: z.literal('restart_node'), target })
  .describe('Bring a node back that an earlier action took down; restart one that runs.');

const actionSchema = z.discriminatedUnion('type', [
  startLoad,
  continueLoad,
  stopLoad,
  killNode,
  stopNode,
  pauseNode,
  unpauseNode,
  restartNode,
]);

const phaseSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .describe('Where several phases share a name, rows and tables number them: `steady (2)`.'),
  duration_sec: z.number().positive().max(86_400).describe('How long the phase lasts, in seconds.'),
  actions: z.array(actionSchema).default([]).describe('Carried out at the start of the phase, in order.'),
});

const stopCondition = z
  .string()
  .superRefine((text, context) => {
    const parsed = parseStopCondition(text);
    if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
  })
  .describe('Such as `error_rate > 90% for 10s`.');

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
      .array(stopCondition)
      .default([])
      .describe('Any of these ends the run early, with faults undone: it is stopped, not failed.'),
    phases: z.array(phaseSchema).min(1).describe('Worked through in order.'),
  })
  .describe('A chaos scenario: phases of load and faults, worked through in order.');

export type Scenario = z.output<typeof scenarioSchema>;
export type Action = z.output<typeof actionSchema>;
