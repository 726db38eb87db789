import { activityTypes } from '../model/action.ts';
import { messageOf } from '../model/errors.ts';
import type { RunEvent } from '../model/event.ts';
import { faultKinds, faultSpecSchema } from '../model/fault-spec.ts';
import { z } from '../model/zod.ts';
import { readTextIfAny } from './read-text.ts';

const stamp = { run_ms: z.number(), wall_sec: z.number() };
const text = z.string();

const eventSchema: z.ZodType<RunEvent> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run_started'), ...stamp, run_id: text, driver: text, driver_reason: text }),
  z.object({ type: z.literal('phase_started'), ...stamp, phase: text, duration_sec: z.number() }),
  z.object({ type: z.literal('phase_ended'), ...stamp, phase: text }),
  z.object({
    type: z.literal('load_changed'),
    ...stamp,
    phase: text,
    rps: z.number(),
    vus: z.number().exactOptional(),
    nodes: z.array(text),
    load: text.exactOptional(),
    demand: text.exactOptional(),
    to: z.array(text).exactOptional(),
  }),
  z.object({
    type: z.literal('nodes_chosen'),
    ...stamp,
    phase: text,
    action: text,
    nodes: z.array(text),
    from: z.array(text),
    why: text,
  }),
  z.object({
    type: z.literal('fault'),
    ...stamp,
    id: text,
    kind: z.enum(faultKinds),
    node: text,
    phase: text,
    state: z.enum([
      'requested',
      'effective',
      'ineffective',
      'failed',
      'undo_requested',
      'undone',
      'verified',
      'undo_failed',
      'superseded',
    ]),
    undo: z
      .object({
        driver: text,
        engine: z.object({ address: text, id: text }).exactOptional(),
        incarnation: text,
        settle_ms: z.number(),
        limit_ms: z.number(),
        how: text,
        means: text.exactOptional(),
        prepared: z.json().exactOptional(),
      })
      .exactOptional(),
    spec: faultSpecSchema.exactOptional(),
    by: z.enum(['guardian', 'recover']).exactOptional(),
    detail: text.exactOptional(),
  }),
  z.object({
    type: z.literal('condition'),
    ...stamp,
    of: z.enum(['if', 'wait_until']),
    place: text,
    holds: z.boolean(),
    evidence: text,
  }),
  z.object({
    type: z.literal('check'),
    ...stamp,
    name: text,
    moment: z.enum(['before', 'during', 'after']),
    holds: z.boolean(),
    evidence: text,
    took_ms: z.number(),
  }),
  z.object({
    type: z.literal('activity'),
    ...stamp,
    id: text,
    kind: z.enum(activityTypes),
    what: text,
    is_rollback: z.boolean(),
    state: z.enum(['started', 'succeeded', 'failed']),
    detail: text.exactOptional(),
  }),
  z.object({ type: z.literal('note'), ...stamp, level: z.enum(['info', 'warn', 'error']), message: text }),
  z.object({
    type: z.literal('run_ended'),
    ...stamp,
    status: z.enum(['complete', 'stopped', 'interrupted', 'failed']),
    reason: text.exactOptional(),
  }),
]);

export interface Events {
  /** In the order in which they were written. */
  readonly events: readonly RunEvent[];
  /** Lines that could not be read, as sentences: `events.jsonl line 7 is cut off`. */
  readonly problems: readonly string[];
  /** False where there is no such file. */
  readonly isThere: boolean;
}

/**
 * Reads a run's events.jsonl. A run of another origin has none, which is no problem; a line that cannot be read, such as
 * a last one that was half written when the run was killed, is left out and told.
 * @throws OrchError `no-permission`, `file-not-found` where it is a directory
 */
export async function readEvents(path: string): Promise<Events> {
  const content = await readTextIfAny(path);
  const lines = (content ?? '').split('\n');
  const events: RunEvent[] = [];
  const problems: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const event = eventOf(line);
    if (typeof event !== 'string') events.push(event);
    else {
      const cutOff = index === lines.length - 1;
      problems.push(`events.jsonl line ${index + 1} ${cutOff ? 'is cut off' : `is no event: ${event}`}`);
    }
  }
  return { events, problems, isThere: content !== null };
}

/** The event of a line, or what is wrong with it. */
function eventOf(line: string): RunEvent | string {
  try {
    const event = eventSchema.safeParse(JSON.parse(line));
    return event.success ? event.data : z.prettifyError(event.error).replaceAll('\n', ' ');
  } catch (error) {
    return messageOf(error);
  }
}
