import { conditionSchema } from './condition.ts';
import { loadFields, oneModel, someModel } from './load-action.ts';
import { type FaultSpec, faultParameters, faultSpec, isFaultKind } from './fault-spec.ts';
import {
  criteriaOf,
  faultTargetSchema as target,
  loadTargetSchema as loadTarget,
  type Selector,
} from './selector.ts';
import { z } from './zod.ts';

/** The actions that change load, or disturb nodes. Field names are the format's own, so they stay in snake_case. */

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
/** When and whether an action is carried out. */
export const when = {
  at_sec,
  if: conditionSchema.optional().describe('Carried out only where this holds when its time has come.'),
} as const;
const timing = { ...when, duration_sec } as const;

const startLoad = z
  .strictObject({ type: z.literal('start_load'), target: loadTarget, ...loadFields, ...timing })
  .superRefine(someModel)
  .describe('Start a load, or change it where it runs already.');
const continueLoad = z
  .strictObject({
    type: z.literal('continue_load'),
    target: loadTarget.optional(),
    ...loadFields,
    ...timing,
  })
  .superRefine(oneModel)
  .describe('Go on with a load. What is left out stays as it was.');
const stopLoad = z
  .strictObject({
    type: z.literal('stop_load'),
    target: loadTarget.optional(),
    name: loadFields.name.describe('Which load; default: all.'),
    ...timing,
  })
  .describe('Stop sending. Requests in flight are still waited for and recorded.');
const unpauseNode = z
  .strictObject({ type: z.literal('unpause_node'), target, ...when })
  .describe('Undo an earlier pause_node.');
const restartNode = z
  .strictObject({ type: z.literal('restart_node'), target, ...when, ...faultParameters.restart.shape })
  .describe('Bring a node back that an earlier action took down; restart one that runs.');
const endFault = z
  .strictObject({
    type: z.literal('end_fault'),
    fault: z.enum(Object.keys(faultParameters).filter(isFaultKind)).describe('Which kind of fault.'),
    target,
    ...when,
  })
  .describe('Undo an earlier fault of this kind.');

/** An action that injects a fault: the fault's own parameters, on which nodes, when, and for how long. */
function faultAction<T extends string, S extends z.core.$ZodShape>(
  type: T,
  { shape }: z.ZodObject<S, z.core.$strict>,
  does: string,
) {
  return z
    .strictObject({ type: z.literal(type), target, ...timing, ...shape })
    .superRefine(rollsOn)
    .describe(does);
}

/** What nothing ends on a node keeps the next one waiting for good. */
function rollsOn(action: object, context: z.RefinementCtx): void {
  const { target: which, duration_sec: lasts }: { target?: Selector; duration_sec?: number } = action;
  if (which === undefined || lasts !== undefined || !criteriaOf(which).rolling) return;
  const message = 'needs a `duration_sec`: the next node waits until this one is well again';
  context.addIssue({ code: 'custom', path: ['target', 'rolling'], message });
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

export const simpleActions = [
  startLoad,
  continueLoad,
  stopLoad,
  unpauseNode,
  restartNode,
  endFault,
  ...faultActions,
] as const;

export type SimpleAction = z.output<(typeof simpleActions)[number]>;
export type FaultAction = z.output<(typeof faultActions)[number]>;
export type StopLoad = z.output<typeof stopLoad>;
export type SetLoad = z.output<typeof startLoad> | z.output<typeof continueLoad>;
export type LoadAction = SetLoad | StopLoad;

/** The fault that an action injects; null where it injects none. */
export function specOf(action: SimpleAction): FaultSpec | null {
  const { type, target: _, at_sec: __, if: ____, ...rest } = action;
  const kind = type === 'restart_node' ? type : type.replace(/_node$/, '');
  if (!isFaultKind(kind)) return null;
  const { duration_sec: ___, ...parameters } = { duration_sec: undefined, ...rest };
  return faultSpec(kind, parameters);
}

/** An action whose nodes have their turns one after the other. */
export type RollingAction = Exclude<SimpleAction, LoadAction> & {
  readonly target: { readonly rolling: true };
};

export function isRolling(action: SimpleAction): action is RollingAction {
  return !isLoadAction(action) && criteriaOf(action.target).rolling;
}

/** Whether actions of this type change load, rather than disturb nodes. */
export function isLoadType(type: string): boolean {
  return ['start_load', 'continue_load', 'stop_load'].includes(type);
}

export function isLoadAction(action: SimpleAction): action is LoadAction {
  return isLoadType(action.type);
}
