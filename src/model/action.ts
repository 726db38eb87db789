import { z } from 'zod';
import { type FaultSpec, faultParameters, faultSpec, isFaultKind } from './fault-spec.ts';
import { faultTargetSchema as target, loadTargetSchema as loadTarget } from './selector.ts';

/** The actions of a scenario. Field names are the format's own, so they stay in snake_case. */

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
  .strictObject({ type: z.literal('start_load'), target: loadTarget, rps, ...timing })
  .describe('Start load, or change it where it runs already.');
const continueLoad = z
  .strictObject({
    type: z.literal('continue_load'),
    target: loadTarget.optional(),
    rps: rps.optional(),
    ...timing,
  })
  .describe('Go on with load. What is left out stays as it was.');
const stopLoad = z
  .strictObject({ type: z.literal('stop_load'), target: loadTarget.optional(), ...timing })
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

const simpleActions = [
  startLoad,
  continueLoad,
  stopLoad,
  unpauseNode,
  restartNode,
  endFault,
  ...faultActions,
] as const;

const wait = z
  .strictObject({
    type: z.literal('wait'),
    duration_sec: z.number().positive().max(86_400).describe('How long.'),
  })
  .describe('In a sequence: let time pass before what follows.');

/** What is begun together, or one after the other. Its parts may be groups themselves. */
const parts = z
  .array(z.lazy((): z.ZodType<Action> => actionSchema))
  .min(1)
  .describe('Actions, or groups of them.');
const sequence = z
  .strictObject({ type: z.literal('sequence'), at_sec, actions: parts })
  .describe(
    'One after the other: each begins when the one before it is over, that is when its duration has passed and its node serves again; `at_sec` counts from there.',
  );
const parallel = z
  .strictObject({ type: z.literal('parallel'), at_sec, actions: parts })
  .describe('All together; over when the last of them is. `at_sec` counts from the group’s beginning.');
const repeat = z
  .strictObject({
    type: z.literal('repeat'),
    at_sec,
    count: z.int().min(1).max(1000).describe('How many times.'),
    every_sec: z
      .number()
      .positive()
      .max(86_400)
      .optional()
      .describe('From one beginning to the next, in seconds; default: each as the one before it is over.'),
    actions: parts,
  })
  .describe('Together, again and again: a `parallel` for each time.');

export const actionSchema = z
  .discriminatedUnion('type', [...simpleActions, wait, sequence, parallel, repeat])
  .meta({ id: 'action' });

export type SimpleAction = z.output<(typeof simpleActions)[number]>;
export type Wait = z.output<typeof wait>;
export interface Sequence {
  readonly type: 'sequence' | 'parallel';
  readonly at_sec: number;
  readonly actions: readonly Action[];
}
export interface Repeat {
  readonly type: 'repeat';
  readonly at_sec: number;
  readonly count: number;
  readonly every_sec?: number | undefined;
  readonly actions: readonly Action[];
}
export type Group = Sequence | Repeat;
export type Action = SimpleAction | Wait | Group;
export type FaultAction = z.output<(typeof faultActions)[number]>;
export type LoadAction = Extract<SimpleAction, { type: 'start_load' | 'continue_load' | 'stop_load' }>;

/** The fault that an action injects; null where it injects none. */
export function specOf(action: SimpleAction): FaultSpec | null {
  const { type, target: _, at_sec: __, ...rest } = action;
  const kind = type === 'restart_node' ? type : type.replace(/_node$/, '');
  if (!isFaultKind(kind)) return null;
  const { duration_sec: ___, ...parameters } = { duration_sec: undefined, ...rest };
  return faultSpec(kind, parameters);
}

export function isLoadAction(action: SimpleAction): action is LoadAction {
  return ['start_load', 'continue_load', 'stop_load'].includes(action.type);
}

export function isGroup(action: Action): action is Group {
  return 'actions' in action;
}

/** The actions of a list and of the groups in it, each with its path from the list. */
export function flattened(
  actions: readonly Action[],
  path: readonly (string | number)[] = [],
): readonly { readonly action: SimpleAction | Wait; readonly path: readonly (string | number)[] }[] {
  return actions.flatMap((action, position) => {
    const at = [...path, position];
    return isGroup(action) ? flattened(action.actions, [...at, 'actions']) : [{ action, path: at }];
  });
}
