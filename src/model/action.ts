import {
  httpRequestFields,
  type Look,
  lookOfCommand,
  lookOfRedis,
  lookOfRequest,
  redisCommandFields,
  runCommandFields,
} from './check.ts';
import { conditionSchema, type WrittenCondition } from './condition.ts';
import { redisRule } from './redis-probe.ts';
import { type SimpleAction, simpleActions, when } from './simple-action.ts';
import { z } from './zod.ts';

/** All actions of a scenario, and what puts them in order. */

const wait = z
  .strictObject({
    type: z.literal('wait'),
    duration_sec: z.number().positive().max(86_400).describe('How long.'),
  })
  .describe('In a sequence: let time pass before what follows.');

const waitUntil = z
  .strictObject({
    type: z.literal('wait_until'),
    condition: conditionSchema,
    timeout_sec: z.number().positive().max(86_400).default(30).describe('How long at most.'),
    on_timeout: z
      .enum(['fail', 'go_on'])
      .default('fail')
      .describe(
        'fail: the run ends there, with faults undone. go_on: what follows is carried out all the same.',
      ),
  })
  .describe('In a sequence: wait for what follows until a condition holds.');
const name = z.string().min(1).max(200).optional().describe('What it is, in words for log and journal.');
const httpRequest = z
  .strictObject({ type: z.literal('http_request'), name, ...when, ...httpRequestFields })
  .describe('Ask something of a server, once. Nothing undoes it.');
const runCommand = z
  .strictObject({ type: z.literal('run_command'), name, ...when, ...runCommandFields })
  .describe('Run a program on this machine, without a shell. Nothing undoes it.');
const redisCommand = z
  .strictObject({ type: z.literal('redis_command'), name, ...when, ...redisCommandFields })
  .superRefine(redisRule)
  .describe('Send a command to a Redis node, once. Nothing undoes it.');

const activities = [httpRequest, redisCommand, runCommand] as const;
export const activitySchema = z.discriminatedUnion('type', activities);
export const activityTypes = ['http_request', 'redis_command', 'run_command'] as const;

/** What is begun together, or one after the other. Its parts may be groups themselves. */
const parts = z
  .array(z.lazy((): z.ZodType<Action> => actionSchema))
  .min(1)
  .describe('Actions, or groups of them.');
const sequence = z
  .strictObject({ type: z.literal('sequence'), ...when, actions: parts })
  .describe(
    'One after the other: each begins when the one before it is over, that is when its duration has passed and its node serves again; `at_sec` counts from there.',
  );
const parallel = z
  .strictObject({ type: z.literal('parallel'), ...when, actions: parts })
  .describe('All together; over when the last of them is. `at_sec` counts from the group’s beginning.');
const repeat = z
  .strictObject({
    type: z.literal('repeat'),
    ...when,
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
  .discriminatedUnion('type', [...simpleActions, ...activities, wait, waitUntil, sequence, parallel, repeat])
  .meta({ id: 'action' });

/** What takes time, and does nothing else. */
export type Wait = z.output<typeof wait> | z.output<typeof waitUntil>;
/** What asks something, once. */
export type Activity = z.output<typeof activitySchema>;
export interface Sequence {
  readonly type: 'sequence' | 'parallel';
  readonly at_sec: number;
  readonly if?: WrittenCondition | undefined;
  readonly actions: readonly Action[];
}
export interface Repeat {
  readonly type: 'repeat';
  readonly at_sec: number;
  readonly if?: WrittenCondition | undefined;
  readonly count: number;
  readonly every_sec?: number | undefined;
  readonly actions: readonly Action[];
}
export type Group = Sequence | Repeat;
export type Action = SimpleAction | Activity | Wait | Group;

export function isGroup(action: Action): action is Group {
  return 'actions' in action;
}

/** The actions of a list and of the groups in it, each with its path from the list. */
export function flattened(
  actions: readonly Action[],
  path: readonly (string | number)[] = [],
): readonly { readonly action: Exclude<Action, Group>; readonly path: readonly (string | number)[] }[] {
  return actions.flatMap((action, position) => {
    const at = [...path, position];
    return isGroup(action) ? flattened(action.actions, [...at, 'actions']) : [{ action, path: at }];
  });
}

export function isWait(action: Action): action is Wait {
  return action.type === 'wait' || action.type === 'wait_until';
}

export function isActivity(action: Action): action is Activity {
  return activityTypes.some((type) => type === action.type);
}

/** What an activity asks, and what must be answered. */
export function lookOfActivity(activity: Activity): Look {
  switch (activity.type) {
    case 'http_request':
      return lookOfRequest(activity);
    case 'redis_command':
      return lookOfRedis(activity);
    case 'run_command':
      return lookOfCommand(activity);
  }
}

export function isSimple(action: Action): action is SimpleAction {
  return !isGroup(action) && !isWait(action) && !isActivity(action);
}

/** Its name; else `POST http://127.0.0.1:8001/drain`, `REPLICAOF on redis-node-2`, `run make reset`: without what may be a secret. */
export function activityText(activity: Activity): string {
  if (activity.name !== undefined) return activity.name;
  if (activity.type === 'run_command') return `run ${activity.run.join(' ')}`;
  if (activity.type === 'redis_command') {
    const { node, url = '' } = activity;
    const [first] = activity.command;
    return `${typeof first === 'object' ? 'a command' : first} on ${node ?? new URL(url).host}`;
  }
  const { origin, pathname } = new URL(activity.url);
  return `${activity.method} ${origin}${pathname}`;
}
