import type { Driver } from '../control/driver.ts';
import type { Disturber } from '../model/disturber.ts';
import { OrchError } from '../model/errors.ts';
import { type Disturbance, isDisturbance } from '../model/fault-spec.ts';
import type { InjectOrder, Plan } from './plan.ts';

/** What is asked of a disturber before anything is touched. */
export type Means = Pick<Disturber, 'means' | 'kinds' | 'refusal'>;

export interface MeansAtHand {
  readonly driver: Pick<Driver, 'name'>;
  /** The preferred ones first. */
  readonly disturbers: readonly Means[];
}

/**
 * The plan with the means by which each node is to be disturbed: of those there are for a kind of fault, the first that can
 * do it to that node. Nothing of a node is touched.
 * @throws OrchError `fault-impossible` where there is none, with what each of them says, for all faults at once
 */
export async function chooseMeans(plan: Plan, hands: MeansAtHand): Promise<Plan> {
  const problems: string[] = [];
  const steps: Plan['steps'][number][] = [];
  for (const step of plan.steps) {
    const { order } = step;
    if (order.type !== 'inject' || !isDisturbance(order.spec)) {
      steps.push(step);
      continue;
    }
    const means = await meansFor(order, order.spec, hands);
    if (means.chosen === null) problems.push(`${order.spec.kind} of ${order.node}: ${means.why}`);
    steps.push({ ...step, order: { ...order, means: means.chosen } });
  }
  if (problems.length === 0) return { ...plan, steps };
  throw new OrchError('fault-impossible', 'this scenario has faults that cannot be injected here', {
    details: [...new Set(problems)],
    hint: 'The table of faults in the README says what each of them needs.',
  });
}

/** What was chosen for each fault, as sentences: `latency of service-node-1: by proxy`. */
export function chosenMeans(plan: Plan): readonly string[] {
  const said = plan.steps.flatMap(({ order }) =>
    order.type === 'inject' && order.means !== null
      ? [`${order.spec.kind} of ${order.node}: by ${order.means}`]
      : [],
  );
  return [...new Set(said)];
}

async function meansFor(
  { node }: InjectOrder,
  spec: Disturbance,
  { driver, disturbers }: MeansAtHand,
): Promise<{ chosen: string } | { chosen: null; why: string }> {
  const refusals: string[] = [];
  for (const disturber of disturbers) {
    if (!disturber.kinds.includes(spec.kind)) continue;
    const refusal = await disturber.refusal(node, spec);
    if (refusal === null) return { chosen: disturber.means };
    refusals.push(`${disturber.means}: ${refusal}`);
  }
  const why = refusals.length === 0 ? `the ${driver.name} driver has no means for it` : refusals.join('; ');
  return { chosen: null, why };
}
