import type { Driver, WayTo } from '../control/driver.ts';
import type { Hands } from '../fault/fault.ts';
import { type Address, addressOf, type NodeSpec } from '../model/node.ts';
import { authorityOf } from '../proxy/toxiproxy/address.ts';
import { withAddresses } from './addresses.ts';
import { byKind, chooseMeans } from './choose-means.ts';
import { inOrder, isOfClients, linksFor, type ProxyUse } from './links.ts';
import type { Passage, Passages } from './passages.ts';
import type { Plan } from './plan.ts';

export interface StandBetweenOptions extends ProxyUse {
  readonly driver: Driver;
  readonly passages: Passages;
}

export interface Between {
  /** With the means of each fault, and with nodes that know where they reach each other. */
  readonly plan: Plan;
  readonly hands: Hands;
  /** A node as load reaches it: through the proxy, where that is what disturbs it. */
  readonly asLoaded: (node: NodeSpec) => NodeSpec;
}

/**
 * Where nodes that are about to be started reach each other: through the proxy where a fault of the plan is to part the two.
 * It stands there from the beginning, so that whatever a node is told of another holds for as long as the run.
 */
export async function wayBetween(planned: Plan, options: StandBetweenOptions): Promise<WayTo> {
  const { driver, passages } = options;
  const disturbers = driver.disturbers.map(byKind);
  const links = (await linksFor(planned, { driver, disturbers }, options)) ?? [];
  return async (from, to) => {
    const link = links.find((one) => one.from === from.name && one.node === to.name);
    if (link === undefined) return addressOf(to);
    const [passage] = await passages.through([{ ...link, ...addressOf(to) }]);
    return passage?.at ?? addressOf(to);
  };
}

/**
 * Chooses the means of each fault, and puts a proxy between load and those nodes that no other means can disturb as the plan
 * wants, and between nodes that are to be parted. The others are reached as they are.
 * @throws OrchError `fault-impossible`, `remote-engine`, `toxiproxy-unreachable`; the caller takes away what was opened
 */
export async function standBetween(opened: Plan, options: StandBetweenOptions): Promise<Between> {
  const { driver, passages, way } = options;
  const alone = { driver, disturbers: driver.disturbers };
  const links = await linksFor(opened, alone, options);
  if (links === null)
    return { plan: await chooseMeans(opened, alone), hands: alone, asLoaded: (node) => node };
  const { disturber } = await passages.intermediary();
  const open = await passages.through(links);
  const places = new Map(open.flatMap(({ link, at }) => (isOfClients(link) ? [[link.node, at]] : [])));
  const hands = { driver, disturbers: inOrder(driver.disturbers, disturber, way) };
  return {
    plan: await chooseMeans(knowing(opened, open), hands),
    hands,
    asLoaded: (node) => placedAt(node, places.get(node.name)),
  };
}

/** The plan with nodes that have their own ways to others. */
function knowing(plan: Plan, passages: readonly Passage[]): Plan {
  return withAddresses(
    plan,
    plan.nodes.map((node) => {
      const own = passages.filter(({ link }) => link.from === node.name);
      const peersAt = Object.fromEntries(own.map(({ link, at }) => [link.node, at]));
      return own.length === 0 ? node : { ...node, peersAt };
    }),
  );
}

function placedAt(node: NodeSpec, place: Address | undefined): NodeSpec {
  if (place === undefined) return node;
  const url = new URL(node.url);
  url.host = authorityOf(place);
  return { ...node, url: url.href };
}
