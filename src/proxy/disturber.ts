import type { Disturber, Json, Trace } from '../model/disturber.ts';
import { type Disturbance, type DisturbanceKind, peersOf } from '../model/fault-spec.ts';
import { type InForce, linkName, type LinkSpec, type OpenLink } from './link-spec.ts';
import { accepts } from './accepts.ts';
import type { Proxy } from './proxy.ts';
import { toxicKinds, type ToxicSpec } from './toxic.ts';

/** A link on which a disturbance is put, with what is put there. */
interface Place {
  readonly link: OpenLink;
  readonly toxic: ToxicSpec;
}

/** What is seen of a link. */
interface Sighting {
  readonly link: OpenLink;
  readonly found: InForce | undefined;
  readonly openConnections: number;
}

const opposite = { in: 'out', out: 'in', both: 'both' } as const;

/**
 * Disturbs nodes by toxics on their links of the proxy: those of the load (`clients`), or, where a partition names peers,
 * the links between node and peer, whichever of the two made the connection. Nodes that reach each other by another way
 * are not parted by that: what is cut is to carry a connection. The proxy is of one process, and what it does ends with that.
 */
export class ProxyDisturber implements Disturber {
  readonly means = 'proxy';
  readonly kinds: readonly DisturbanceKind[] = toxicKinds;
  readonly #proxy: Proxy;

  constructor(proxy: Proxy) {
    this.#proxy = proxy;
  }

  refusal(node: string, spec: Disturbance): Promise<string | null> {
    return Promise.resolve(proxyRefusal(this.#proxy.links, node, spec));
  }

  prepare(_node: string, _spec: Disturbance, marker: string): Promise<Json> {
    return Promise.resolve({ marker });
  }

  async apply(node: string, spec: Disturbance, prepared: Json): Promise<void> {
    const marker = markerOf(prepared);
    await Promise.all(
      this.#places(node, spec).map(({ link, toxic }) => this.#proxy.set(link, marker, toxic)),
    );
  }

  async remove(node: string, spec: Disturbance, prepared: Json): Promise<void> {
    const marker = markerOf(prepared);
    await Promise.all(this.#places(node, spec).map(({ link }) => this.#proxy.clear(link, marker)));
  }

  async look(node: string, spec: Disturbance, prepared: Json): Promise<Trace> {
    const marker = markerOf(prepared);
    const sightings = await Promise.all(
      this.#places(node, spec).map(async ({ link }): Promise<Sighting> => {
        const found = (await this.#proxy.look(link)).find((toxic) => toxic.marker === marker);
        const { openConnections } = await this.#proxy.count(link);
        return { link, found, openConnections };
      }),
    );
    const present = sightings.filter(({ found }) => found !== undefined).length;
    const isMet = peersOf(spec).length === 0 || sightings.some(({ openConnections }) => openConnections > 0);
    // Where one of them is down there is nothing to carry: it is parted from the other once it is back.
    const down = isMet ? [] : await downOf(sightings);
    const evidence = [
      ...sightings.map((sighting) => evidenceOf(sighting, marker)),
      ...down.map((name) => `${name} takes no connections`),
    ];
    const isWhole = present === sightings.length && (isMet || down.length > 0);
    return {
      state: present === 0 ? 'absent' : isWhole ? 'present' : 'partial',
      evidence: evidence.join('; '),
    };
  }

  #places(node: string, spec: Disturbance): readonly Place[] {
    if (!isToxic(spec)) return [];
    const peers = peersOf(spec);
    if (spec.kind !== 'partition' || peers.length === 0) {
      const link = linkOfClients(this.#proxy.links, node);
      return link === undefined ? [] : [{ link, toxic: spec }];
    }
    return peers
      .flatMap((peer) => linksBetween(this.#proxy.links, node, peer))
      .map((link) => ({
        link,
        // Where the node made the connection, what comes in for it is what goes out of its peer.
        toxic: link.node === node ? spec : { ...spec, direction: opposite[spec.direction] },
      }));
  }
}

/** Why a proxy with these links, open or not yet, cannot do that to a node; null where it can. */
export function proxyRefusal(links: readonly LinkSpec[], node: string, spec: Disturbance): string | null {
  if (!isToxic(spec)) return `the proxy can do nothing of the kind ${spec.kind}`;
  const peers = peersOf(spec);
  if (peers.length > 0) {
    const apart = peers.filter((peer) => linksBetween(links, node, peer).length === 0);
    return apart.length === 0
      ? null
      : `nothing between ${node} and ${apart.join(', ')} goes through the proxy, as only embedded Redis nodes of one primary do (control.process.replicas)`;
  }
  const link = linkOfClients(links, node);
  if (link === undefined) return `no load goes to ${node} through the proxy`;
  if (spec.kind.startsWith('http_') && link.protocol !== 'http') {
    return `${spec.kind} is for nodes that speak HTTP, and the proxy passes on what ${node} speaks as plain TCP`;
  }
  return null;
}

/** The nodes at the ends of these links that take no connections. */
async function downOf(sightings: readonly Sighting[]): Promise<readonly string[]> {
  const asked = sightings.map(async ({ link }) => ((await accepts(link)) ? [] : [link.node]));
  return (await Promise.all(asked)).flat();
}

function linkOfClients<L extends LinkSpec>(links: readonly L[], node: string): L | undefined {
  return links.find((link) => link.node === node && link.from === 'clients');
}

function linksBetween<L extends LinkSpec>(links: readonly L[], node: string, peer: string): readonly L[] {
  return links.filter(
    (link) => (link.node === node && link.from === peer) || (link.node === peer && link.from === node),
  );
}

function isToxic(spec: Disturbance): spec is ToxicSpec {
  return toxicKinds.some((kind) => kind === spec.kind);
}

function markerOf(prepared: Json): string {
  const marker = typeof prepared === 'object' && prepared !== null && 'marker' in prepared && prepared.marker;
  if (typeof marker === 'string') return marker;
  throw new Error('what was prepared for the proxy has no marker');
}

/** `proxy link clients → api-1 on 127.0.0.1:41234: latency 5b1f in force, {"latency_ms":100,"jitter_ms":0}; open connections: 2`. */
function evidenceOf({ link, found, openConnections }: Sighting, marker: string): string {
  const place = `proxy link ${linkName(link)} on 127.0.0.1:${link.localPort}`;
  if (found === undefined) return `${place}: no toxic ${marker}`;
  const { kind, ...parameters } = found.spec;
  const met = `open connections: ${openConnections}`;
  return `${place}: ${kind} ${marker} in force, ${JSON.stringify(parameters)}; ${met}`;
}
