import type { Driver } from '../control/driver.ts';
import { proxyRefusal } from '../proxy/disturber.ts';
import type { LinkSpec } from '../proxy/link-spec.ts';
import { toxicKinds } from '../proxy/toxic.ts';
import { toxiproxyAddress } from '../proxy/toxiproxy/address.ts';
import { byKind, chooseMeans, type Means } from './choose-means.ts';
import { inOrder, linksFor, type ProxyUse } from './links.ts';
import type { Plan } from './plan.ts';

export interface ForeseeMeansOptions extends ProxyUse {
  readonly driver: Driver;
  /** False where the nodes are not there before the run starts them. */
  readonly isOpen: boolean;
}

/**
 * The plan with the means by which a run would disturb each node, of which nothing is touched, and no proxy is opened. Nodes
 * that are not there yet cannot be asked: what their driver has for a kind is taken to do.
 * @throws OrchError `fault-impossible`
 */
export async function foreseeMeans(
  plan: Plan,
  { driver, isOpen, way, proxy }: ForeseeMeansOptions,
): Promise<Plan> {
  const ofDriver = isOpen ? driver.disturbers : driver.disturbers.map(byKind);
  const links = await linksFor(plan, { driver, disturbers: ofDriver }, { way, proxy });
  if (links === null) return chooseMeans(plan, { driver, disturbers: ofDriver });
  const between = await meansBetween(proxy, links);
  return chooseMeans(plan, { driver, disturbers: inOrder(ofDriver, between, way) });
}

/** What a proxy, or the Toxiproxy that the config names, could do with these links. */
async function meansBetween(proxy: string, links: readonly LinkSpec[]): Promise<Means> {
  if (proxy === 'embedded') {
    const refusal: Means['refusal'] = async (node, spec) => proxyRefusal(links, node, spec);
    return { means: 'proxy', kinds: toxicKinds, refusal };
  }
  const { ToxiproxyDisturber } = await import('../proxy/toxiproxy/disturber.ts');
  const at = toxiproxyAddress(proxy).text;
  return new ToxiproxyDisturber(new Map(links.map(({ node }) => [node, { at, proxy: '' }])));
}
