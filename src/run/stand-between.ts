import type { Driver } from '../control/driver.ts';
import type { Hands } from '../fault/fault.ts';
import { isDisturbance } from '../model/fault-spec.ts';
import type { Config } from '../model/config.ts';
import type { NodeSpec } from '../model/node.ts';
import { ProxyDisturber } from '../proxy/disturber.ts';
import type { LinkSpec } from '../proxy/link-spec.ts';
import { Proxy } from '../proxy/proxy.ts';
import { isToxicKind } from '../proxy/toxic.ts';
import { chooseMeans } from './choose-means.ts';
import type { Plan } from './plan.ts';

export interface StandBetweenOptions {
  readonly driver: Driver;
  /** `control.network_faults` of the config. */
  readonly way: Config['control']['network_faults'];
  readonly seed: number;
  /** Told, as a sentence, where the proxy has ended by itself. */
  readonly onLost: (text: string) => void;
}

export interface Between {
  /** With the means of each fault. */
  readonly plan: Plan;
  readonly hands: Hands;
  /** A node as load reaches it: through the proxy, where that is what disturbs it. */
  readonly asLoaded: (node: NodeSpec) => NodeSpec;
  readonly close: () => Promise<void>;
}

/**
 * Chooses the means of each fault, and puts a proxy between load and those nodes that no other means can disturb as the plan
 * wants. The others are reached as they are.
 * @throws OrchError `fault-impossible`; then nothing is left open
 */
export async function standBetween(
  plan: Plan,
  { driver, way, seed, onLost }: StandBetweenOptions,
): Promise<Between> {
  const links = await linksFor(plan, driver, way);
  if (links.length === 0) {
    const hands = { driver, disturbers: driver.disturbers };
    const asLoaded = (node: NodeSpec) => node;
    return { plan: await chooseMeans(plan, hands), hands, asLoaded, close: () => Promise.resolve() };
  }
  const proxy = new Proxy({ seed, onLost });
  const close = () => proxy.close();
  try {
    for (const link of links) await proxy.open(link);
    const toxics = new ProxyDisturber(proxy);
    const disturbers = way === 'proxy' ? [toxics, ...driver.disturbers] : [...driver.disturbers, toxics];
    const hands = { driver, disturbers };
    return {
      plan: await chooseMeans(plan, hands),
      hands,
      asLoaded: (node) => throughProxy(node, proxy),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A link for each node that a fault of the plan needs the proxy for. */
async function linksFor(
  plan: Plan,
  driver: Driver,
  way: StandBetweenOptions['way'],
): Promise<readonly LinkSpec[]> {
  if (way === 'kernel') return [];
  const links = new Map<string, LinkSpec>();
  for (const { order } of plan.steps) {
    if (order.type !== 'inject' || !isDisturbance(order.spec) || !isToxicKind(order.spec.kind)) continue;
    const node = plan.nodes.find(({ name }) => name === order.node);
    if (node === undefined || links.has(node.name)) continue;
    const link = linkTo(node);
    if (link !== null && (way === 'proxy' || !(await canDo(driver, order.node, order.spec))))
      links.set(node.name, link);
  }
  return [...links.values()];
}

async function canDo(
  { disturbers }: Driver,
  node: string,
  spec: Parameters<Driver['disturbers'][number]['refusal']>[1],
): Promise<boolean> {
  for (const disturber of disturbers) {
    if (!disturber.kinds.includes(spec.kind)) continue;
    if ((await disturber.refusal(node, spec)) === null) return true;
  }
  return false;
}

/** Null where it speaks TLS: a certificate is for the node's own address, which the proxy has not. */
function linkTo({ name, kind, url }: NodeSpec): LinkSpec | null {
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'https:' || protocol === 'rediss:') return null;
  const usualPort = kind === 'http' ? 80 : 6379;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    node: name,
    from: 'clients',
    host,
    port: port === '' ? usualPort : Number(port),
    protocol: kind === 'http' ? 'http' : 'tcp',
  };
}

function throughProxy(node: NodeSpec, proxy: Proxy): NodeSpec {
  const link = proxy.links.find((one) => one.node === node.name && one.from === 'clients');
  if (link === undefined) return node;
  const url = new URL(node.url);
  url.hostname = '127.0.0.1';
  url.port = String(link.localPort);
  return { ...node, url: url.href };
}
