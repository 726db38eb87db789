import type { Config } from '../model/config.ts';
import { type Disturbance, isDisturbance } from '../model/fault-spec.ts';
import { addressOf, type NodeSpec } from '../model/node.ts';
import type { LinkSpec } from '../proxy/link-spec.ts';
import { isToxicKind } from '../proxy/toxic.ts';
import { firstAble, type Means } from './choose-means.ts';
import type { Plan } from './plan.ts';

/** `control.network_faults` of the config. */
export type Way = Config['control']['network_faults'];

/** A link for each node that a fault of the plan needs the proxy for, beside the means that the driver has. */
export async function linksFor(
  plan: Plan,
  ofDriver: readonly Means[],
  way: Way,
): Promise<readonly LinkSpec[]> {
  if (way === 'kernel') return [];
  const links = new Map<string, LinkSpec>();
  for (const { order } of plan.steps) {
    if (order.type !== 'inject' || !isDisturbance(order.spec) || !isToxicKind(order.spec.kind)) continue;
    const node = plan.nodes.find(({ name }) => name === order.node);
    if (node === undefined || links.has(node.name)) continue;
    const link = linkTo(node);
    if (link !== null && (way === 'proxy' || !(await canDo(ofDriver, order.node, order.spec))))
      links.set(node.name, link);
  }
  return [...links.values()];
}

/** The driver's means and the proxy's, the preferred first. */
export function inOrder<M extends Means>(ofDriver: readonly M[], proxy: M, way: Way): readonly M[] {
  return way === 'proxy' ? [proxy, ...ofDriver] : [...ofDriver, proxy];
}

async function canDo(means: readonly Means[], node: string, spec: Disturbance): Promise<boolean> {
  return (await firstAble(means, node, spec)).chosen !== null;
}

/** Null where it speaks TLS: a certificate is for the node's own address, which the proxy has not. */
function linkTo(node: NodeSpec): LinkSpec | null {
  const { protocol } = new URL(node.url);
  if (protocol === 'https:' || protocol === 'rediss:') return null;
  return {
    node: node.name,
    from: 'clients',
    ...addressOf(node),
    protocol: node.kind === 'http' ? 'http' : 'tcp',
  };
}
