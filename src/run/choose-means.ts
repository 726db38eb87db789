import type { Driver } from '../control/driver.ts';
import type { Disturber } from '../model/disturber.ts';
import { OrchError } from '../model/errors.ts';
import { type Disturbance, isDisturbance } from '../model/fault-spec.ts';
import type { Plan } from './plan.ts';

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
    const { chosen, refusals } = await firstAble(hands.disturbers, order.node, order.spec);
    if (chosen === null) problems.push(`${order.spec.kind} of ${order.node}: ${whyNot(refusals, hands)}`);
    steps.push({ ...step, order: { ...order, means: chosen, passedOver: refusals } });
  }
  if (problems.length === 0) return { ...plan, steps };
  throw new OrchError('fault-impossible', 'this scenario has faults that cannot be injected here', {
    details: [...new Set(problems)],
    hint: 'docs/faults.md says what each of them needs.',
  });
}

/**
 * What was chosen for each fault, as sentences, with why what is preferred to it was not:
 * `latency of service-node-1: by proxy (netem: the engine’s kernel cannot do it)`.
 */
export function chosenMeans(plan: Plan): readonly string[] {
  const said = plan.steps.flatMap(({ order }) => {
    if (order.type !== 'inject' || order.means === null) return [];
    const { spec, node, means, passedOver } = order;
    const why = passedOver.length === 0 ? '' : ` (${passedOver.join('; ')})`;
    return [`${spec.kind} of ${node}: by ${means}${why}`];
  });
  return [...new Set(said)];
}

/** The first that can do that to that node, and what those before it say; null where none can. */
export async function firstAble(
  disturbers: readonly Means[],
  node: string,
  spec: Disturbance,
): Promise<{ readonly chosen: string | null; readonly refusals: readonly string[] }> {
  const refusals: string[] = [];
  for (const disturber of disturbers) {
    if (!disturber.kinds.includes(spec.kind)) continue;
    const refusal = await disturber.refusal(node, spec);
    if (refusal === null) return { chosen: disturber.means, refusals };
    refusals.push(`${disturber.means}: ${refusal}`);
  }
  return { chosen: null, refusals };
}

/** Of nodes that are not there yet, which cannot be asked: what there is for a kind is taken to do. */
export function byKind({ means, kinds }: Means): Means {
  return { means, kinds, refusal: () => Promise.resolve(null) };
}

function whyNot(refusals: readonly string[], { driver }: MeansAtHand): string {
  return refusals.length === 0 ? `the ${driver.name} driver has no means for it` : refusals.join('; ');
}
