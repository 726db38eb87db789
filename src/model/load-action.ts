import type { Demand, Rate } from './demand.ts';
import { z } from './zod.ts';

/** How much load an action asks for. Field names are the format's own, so they stay in snake_case. */

const mostRps = 100_000;
const mostSec = 86_400;
const seconds = z.number().positive().max(mostSec);
const rate = z.number().positive().max(mostRps);
const rateOrNone = z.number().min(0).max(mostRps);

const ramp = z
  .strictObject({
    from: rateOrNone,
    to: rateOrNone,
    over_sec: seconds.optional().describe('How long it takes; default: until the action or its phase ends.'),
  })
  .refine(({ from, to }) => from > 0 || to > 0, 'must not be 0 all the time')
  .describe('From one rate evenly to another, which goes on.');
const steps = z
  .strictObject({
    steps: z.array(rateOrNone).min(1).max(1000).describe('Each rate in its turn; the last goes on.'),
    every_sec: seconds.describe('How long each lasts.'),
  })
  .refine(({ steps: all }) => all.some((one) => one > 0), 'must not be 0 all the time');
const sine = z
  .strictObject({
    mean: rate,
    amplitude: rateOrNone.describe('How far it swings about the mean; at most that.'),
    period_sec: seconds.describe('How long one swing up and down takes.'),
  })
  .refine(({ mean, amplitude }) => amplitude <= mean, {
    path: ['amplitude'],
    message: 'must not be greater than the mean: no rate is below 0',
  });

const rps = z
  .union([rate, ramp, steps, sine])
  .describe(
    'Arrival rate of the open model: requests due per second, over all nodes of the target together. A number, or a rate that changes by itself: {from, to}, {steps, every_sec} or {mean, amplitude, period_sec}.',
  );

/** What an action may say of its load, beside its target. */
export const loadFields = {
  name: z
    .string()
    .regex(/^[\w.-]+$/, 'must be of letters, digits, `_`, `.` and `-`')
    .max(60)
    .optional()
    .describe('Loads of different names run at once; default: the one load that needs none.'),
  workload: z
    .string()
    .min(1)
    .optional()
    .describe(
      'What its requests are: a name of `workloads` in config.yaml; default: http_workload or redis_workload.',
    ),
  rps: rps.optional(),
  arrivals: z
    .enum(['uniform', 'poisson'])
    .optional()
    .describe(
      'Requests of the open model come evenly (uniform, the default), or independently of each other (poisson).',
    ),
  vus: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'In place of `rps`, the closed model: so many virtual users, each of whom waits for an answer before asking again.',
    ),
  think_sec: z
    .number()
    .min(0)
    .max(mostSec)
    .optional()
    .describe('How long a user of the closed model waits after each answer; default: not at all.'),
} as const;

type LoadFields = { readonly [K in keyof typeof loadFields]?: z.output<(typeof loadFields)[K]> };

/** Open or closed, and nothing that belongs to the other one. */
export function oneModel(fields: LoadFields, context: z.RefinementCtx): void {
  const report = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (fields.rps !== undefined && fields.vus !== undefined)
    report('vus', 'stands beside `rps`: a load is open (rps) or closed (vus), not both');
  else if (fields.arrivals !== undefined && fields.vus !== undefined)
    report('arrivals', 'belongs to `rps`, the open model');
  else if (fields.think_sec !== undefined && fields.rps !== undefined)
    report('think_sec', 'belongs to `vus`, the closed model');
}

/** That, and that there is one of them; in a template, it may be known only where that is used. */
export function someModel(fields: LoadFields, context: z.RefinementCtx): void {
  if (!('rps' in fields) && !('vus' in fields))
    context.addIssue({
      code: 'custom',
      message: 'needs `rps` (requests due per second) or `vus` (virtual users)',
    });
  else oneModel(fields, context);
}

/**
 * The load that an action asks for; what it leaves out is as it was. Where there is none to be had, why, as a clause.
 * @param before As it was.
 * @param leftMs How long a ramp takes that does not say so.
 */
export function demandOf(fields: LoadFields, before: Demand | undefined, leftMs: number): Demand | string {
  const { rps: written, arrivals, vus, think_sec: thinkSec } = fields;
  if (written !== undefined) {
    const asBefore = before?.model === 'open' ? before.arrivals : 'uniform';
    return { model: 'open', rate: rateOf(written, leftMs), arrivals: arrivals ?? asBefore };
  }
  if (vus !== undefined) {
    const asBeforeMs = before?.model === 'closed' ? before.thinkMs : 0;
    return { model: 'closed', vus, thinkMs: thinkSec === undefined ? asBeforeMs : thinkSec * 1000 };
  }
  if (before === undefined) return 'it has neither `rps` nor `vus`, and no earlier action gave one';
  if (before.model === 'open') {
    if (thinkSec !== undefined) return '`think_sec` belongs to `vus`, and this load has `rps`';
    return arrivals === undefined ? before : { ...before, arrivals };
  }
  if (arrivals !== undefined) return '`arrivals` belongs to `rps`, and this load has `vus`';
  return thinkSec === undefined ? before : { ...before, thinkMs: thinkSec * 1000 };
}

function rateOf(written: z.output<typeof rps>, leftMs: number): Rate {
  if (typeof written === 'number') return { shape: 'constant', rps: written };
  if ('from' in written) {
    const overMs = written.over_sec === undefined ? leftMs : written.over_sec * 1000;
    return { shape: 'ramp', fromRps: written.from, toRps: written.to, overMs };
  }
  if ('steps' in written) return { shape: 'steps', rps: written.steps, everyMs: written.every_sec * 1000 };
  const { mean: meanRps, amplitude: amplitudeRps, period_sec: periodSec } = written;
  return { shape: 'sine', meanRps, amplitudeRps, periodMs: periodSec * 1000 };
}
