import type { Clock } from '../clock/clock.ts';
import type { Driver } from '../control/driver.ts';
import type { Hands } from '../fault/fault.ts';
import type { LeftProxies } from '../model/manifest.ts';
import type { NodeSpec } from '../model/node.ts';
import { embeddedProxy } from '../proxy/embedded.ts';
import type { Intermediary } from '../proxy/intermediary.ts';
import type { Upstream } from '../proxy/link-spec.ts';
import { authorityOf, toxiproxyAddress } from '../proxy/toxiproxy/address.ts';
import { chooseMeans } from './choose-means.ts';
import { inOrder, linksFor, type Way } from './links.ts';
import type { Plan } from './plan.ts';

export interface StandBetweenOptions {
  readonly driver: Driver;
  /** `control.network_faults` of the config. */
  readonly way: Way;
  /** `control.proxy` of the config. */
  readonly proxy: string;
  readonly seed: number;
  /** Unique to the run: letters and digits. */
  readonly mark: string;
  readonly clock: Clock;
  /** Whether a proxy on another machine may be used. */
  readonly allowRemote: boolean;
  /** Writes down what would be left behind were this process killed, before any of it is made. */
  readonly note: (proxies: LeftProxies) => Promise<void>;
  /** Told how to take away what is going to be opened; that resolves to what could not be, in words for people, and never rejects. */
  readonly onOpening: (takeAway: () => Promise<readonly string[]>) => void;
  /** Told, as a sentence, where the proxy has ended by itself. */
  readonly onLost: (text: string) => void;
}

export interface Between {
  /** With the means of each fault. */
  readonly plan: Plan;
  readonly hands: Hands;
  /** A node as load reaches it: through the proxy, where that is what disturbs it. */
  readonly asLoaded: (node: NodeSpec) => NodeSpec;
}

/**
 * Chooses the means of each fault, and puts a proxy between load and those nodes that no other means can disturb as the plan
 * wants. The others are reached as they are.
 * @throws OrchError `fault-impossible`, `remote-engine`, `toxiproxy-unreachable`; the caller takes away what was opened
 */
export async function standBetween(plan: Plan, options: StandBetweenOptions): Promise<Between> {
  const { driver, way, note, onOpening } = options;
  const links = await linksFor(plan, driver.disturbers, way);
  if (links.length === 0) {
    const hands = { driver, disturbers: driver.disturbers };
    return { plan: await chooseMeans(plan, hands), hands, asLoaded: (node) => node };
  }
  const intermediary = await intermediaryOf(options);
  onOpening(() => intermediary.close());
  const left = intermediary.wouldLeave(links);
  if (left !== null) await note(left);
  const places = new Map<string, Upstream>();
  for (const link of links) places.set(link.node, await intermediary.open(link));
  const hands = { driver, disturbers: inOrder(driver.disturbers, intermediary.disturber, way) };
  const asLoaded = (node: NodeSpec) => placedAt(node, places.get(node.name));
  return { plan: await chooseMeans(plan, hands), hands, asLoaded };
}

/** The Toxiproxy that the config names, or the proxy that is orch’s own. */
async function intermediaryOf({
  proxy,
  seed,
  mark,
  clock,
  allowRemote,
  onLost,
}: StandBetweenOptions): Promise<Intermediary> {
  if (proxy === 'embedded') return embeddedProxy({ seed, onLost });
  const { toxiproxyLinks } = await import('../proxy/toxiproxy/links.ts');
  return toxiproxyLinks({ address: toxiproxyAddress(proxy), mark, allowRemote, clock });
}

function placedAt(node: NodeSpec, place: Upstream | undefined): NodeSpec {
  if (place === undefined) return node;
  const url = new URL(node.url);
  url.host = authorityOf(place);
  return { ...node, url: url.href };
}
