import type { Config } from '../model/config.ts';
import { type Disturbance, isDisturbance, peersOf } from '../model/fault-spec.ts';
import { addressOf, type NodeSpec } from '../model/node.ts';
import { linkName, type LinkSpec } from '../proxy/link-spec.ts';
import { isToxicKind } from '../proxy/toxic.ts';
import { firstAble, type Means, type MeansAtHand } from './choose-means.ts';
import type { Plan } from './plan.ts';

/** `control.network_faults` of the config. */
export type Way = Config['control']['network_faults'];

export interface ProxyUse {
  readonly way: Way;
  /** `control.proxy` of the config. */
  readonly proxy: string;
}

/** The links by which the proxy can bring about what no means of the driver's own is to; null where there is no such fault. */
export async function linksFor(
  plan: Plan,
  { driver, disturbers }: MeansAtHand,
  { way, proxy }: ProxyUse,
): Promise<readonly LinkSpec[] | null> {
  if (way === 'kernel') return null;
  // Only nodes that the run starts can be told to reach each other through a proxy, and only our own stands there.
  const isBetweenNodes = driver.name === 'process' && proxy === 'embedded';
  let isNeeded = false;
  const links = new Map<string, LinkSpec>();
  for (const { order } of plan.steps) {
    if (order.type !== 'inject' || !isDisturbance(order.spec) || !isToxicKind(order.spec.kind)) continue;
    const { node, spec } = order;
    const wanted = linksOf(plan.nodes, node, spec, isBetweenNodes);
    if (wanted.length > 0 && wanted.every((link) => links.has(linkName(link)))) continue;
    if (way === 'auto' && (await canDo(disturbers, node, spec))) continue;
    isNeeded = true;
    for (const link of wanted) links.set(linkName(link), link);
  }
  return isNeeded ? [...links.values()] : null;
}

/** Whether load goes by it, and not what nodes say to each other. */
export function isOfClients({ from }: LinkSpec): boolean {
  return from === 'clients';
}

/** The driver's means and the proxy's, the preferred first. */
export function inOrder<M extends Means>(ofDriver: readonly M[], proxy: M, way: Way): readonly M[] {
  return way === 'proxy' ? [proxy, ...ofDriver] : [...ofDriver, proxy];
}

async function canDo(means: readonly Means[], node: string, spec: Disturbance): Promise<boolean> {
  return (await firstAble(means, node, spec)).chosen !== null;
}

function linksOf(
  nodes: readonly NodeSpec[],
  name: string,
  spec: Disturbance,
  isBetweenNodes: boolean,
): readonly LinkSpec[] {
  const node = nodes.find((one) => one.name === name);
  if (node === undefined) return [];
  const peers = peersOf(spec);
  if (peers.length === 0) return speaksTls(node) ? [] : [link('clients', node)];
  if (!isBetweenNodes) return [];
  return nodes
    .filter((one) => peers.includes(one.name) && mayReplicate(one, node))
    .flatMap((peer) => [link(peer.name, node), link(node.name, peer)]);
}

/** Whether one may come to be the other's replica: both hold the data of one primary, and may change roles. */
function mayReplicate(one: NodeSpec, other: NodeSpec): boolean {
  return one !== other && (one.replicaOf ?? one.name) === (other.replicaOf ?? other.name);
}

/** A certificate is for the node's own address, which the proxy has not. */
function speaksTls({ url }: NodeSpec): boolean {
  return ['https:', 'rediss:'].includes(new URL(url).protocol);
}

function link(from: string, node: NodeSpec): LinkSpec {
  return { node: node.name, from, ...addressOf(node), protocol: node.kind === 'http' ? 'http' : 'tcp' };
}
