import { z } from 'zod';
import { blastRadiusSchema } from './blast-radius.ts';
import { type FaultSpec, faultParameters, faultSpec, isFaultKind } from './fault-spec.ts';
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

const at_sec = z
  .number()
  .min(0)
  .max(86_400)
  .default(0)
  .describe('When, in seconds since the phase began; default: as it begins.');
const duration_sec = z
  .number()
  .positive()
  .max(86_400)
  .optional()
  .describe(
    'It is undone by itself after this many seconds; default: by a later action, or as the run ends.',
  );
const timing = { at_sec, duration_sec };

const startLoad = z
  .strictObject({ type: z.literal('start_load'), target, rps, ...timing })
  .describe('Start load, or change it where it runs already.');
const continueLoad = z
  .strictObject({
    type: z.literal('continue_load'),
    target: target.optional(),
    rps: rps.optional(),
    ...timing,
  })
  .describe('Go on with load. What is left out stays as it was.');
const stopLoad = z
  .strictObject({ type: z.literal('stop_load'), target: target.optional(), ...timing })
  .describe('Stop sending. Requests in flight are still waited for and recorded.');
const unpauseNode = z
  .strictObject({ type: z.literal('unpause_node'), target, at_sec })
  .describe('Undo an earlier pause_node.');
const restartNode = z
  .strictObject({ type: z.literal('restart_node'), target, at_sec, ...faultParameters.restart.shape })
  .describe('Bring a node back that an earlier action took down; restart one that runs.');
const endFault = z
  .strictObject({
    type: z.literal('end_fault'),
    fault: z.enum(Object.keys(faultParameters).filter(isFaultKind)).describe('Which kind of fault.'),
    target,
    at_sec,
  })
  .describe('Undo an earlier fault of this kind.');

/** An action that injects a fault: the fault's own parameters, on which nodes, when, and for how long. */
function faultAction<T extends string, S extends z.core.$ZodShape>(
  type: T,
  { shape }: z.ZodObject<S, z.core.$strict>,
  does: string,
) {
  return z.strictObject({ type: z.literal(type), target, ...timing, ...shape }).describe(does);
}

const p = faultParameters;
const faultActions = [
  faultAction('kill_node', p.kill, 'SIGKILL the node. Undone by starting it.'),
  faultAction('stop_node', p.stop, 'SIGTERM the node, SIGKILL after the grace. Undone by starting it.'),
  faultAction(
    'pause_node',
    p.pause,
    'Freeze the node: it accepts connections and answers nothing. Undone by unpausing it.',
  ),
  faultAction('oom_kill', p.oom_kill, 'Have the kernel end the node for want of memory.'),
  faultAction('partition', p.partition, 'Cut the node off from its clients, or from other nodes.'),
  faultAction('latency', p.latency, 'Slow the node’s answers down.'),
  faultAction('loss', p.loss, 'Lose a share of the packets between load and node.'),
  faultAction('bandwidth', p.bandwidth, 'Hold what the node sends to a rate.'),
  faultAction('reset', p.reset, 'Reset a share of the connections to the node.'),
  faultAction('black_hole', p.black_hole, 'Let a share of the connections to the node fall silent.'),
  faultAction('slow_close', p.slow_close, 'Close connections late.'),
  faultAction(
    'http_status',
    p.http_status,
    'Answer a status in the node’s place, to a share of the requests.',
  ),
  faultAction('http_corrupt', p.http_corrupt, 'Corrupt the body of a share of the node’s answers.'),
  faultAction('http_abort', p.http_abort, 'Break off a share of the node’s answers.'),
  faultAction('cpu_limit', p.cpu_limit, 'Hold the node to a share of the processors.'),
  faultAction('cpu_stress', p.cpu_stress, 'Keep processors busy beside the node, within its limits.'),
  faultAction('memory_limit', p.memory_limit, 'Hold the node to less memory.'),
  faultAction('disk_fill', p.disk_fill, 'Fill the node’s disk by a file of our own.'),
  faultAction('dns_failure', p.dns_failure, 'Let the node’s look-ups of other nodes’ names fail.'),
] as const;

const actionSchema = z.discriminatedUnion('type', [
  startLoad,
  continueLoad,
  stopLoad,
  unpauseNode,
  restartNode,
  endFault,
  ...faultActions,
]);

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
export type FaultAction = z.output<(typeof faultActions)[number]>;
export type LoadAction = Extract<Action, { type: 'start_load' | 'continue_load' | 'stop_load' }>;

/** The fault that an action injects; null where it injects none. */
export function specOf(action: Action): FaultSpec | null {
  const { type, target: _, at_sec: __, ...rest } = action;
  const kind = type === 'restart_node' ? type : type.replace(/_node$/, '');
  if (!isFaultKind(kind)) return null;
  const { duration_sec: ___, ...parameters } = { duration_sec: undefined, ...rest };
  return faultSpec(kind, parameters);
}

export function isLoadAction(action: Action): action is LoadAction {
  return ['start_load', 'continue_load', 'stop_load'].includes(action.type);
}
