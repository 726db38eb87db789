import type { Clock } from '../../clock/clock.ts';
import { OrchError } from '../../model/errors.ts';
import type { Disturber } from '../../model/disturber.ts';
import type { LeftProxies } from '../../model/manifest.ts';
import type { Intermediary } from '../intermediary.ts';
import type { LinkSpec, Upstream } from '../link-spec.ts';
import { authorityOf, isLoopback, type ToxiproxyAddress } from './address.ts';
import { ToxiproxyApi } from './api.ts';
import { type Passage, ToxiproxyDisturber } from './disturber.ts';
import { proxyName, removeProxies } from './left-over.ts';

export interface ToxiproxyOptions {
  readonly address: ToxiproxyAddress;
  /** Unique to the run: letters and digits. The proxies carry it in their names. */
  readonly mark: string;
  /** Whether a server on another machine may be used. */
  readonly allowRemote: boolean;
  readonly clock: Clock;
}

/** As the run ends. Its guardian tries for longer. */
const patience = { patienceMs: 20_000, refusals: 3 } as const;

/**
 * A Toxiproxy server that is driven by its HTTP API, with a proxy of ours for each link. They listen on the server’s own
 * machine, on ports that it chooses.
 * @throws OrchError `remote-engine`, `toxiproxy-unreachable`
 */
export async function toxiproxyLinks(options: ToxiproxyOptions): Promise<Intermediary> {
  const { address, allowRemote } = options;
  if (!address.isLocal && !allowRemote)
    throw new OrchError('remote-engine', `the Toxiproxy at ${address.text} is on another machine`, {
      hint: 'If load is to go through it, say so with --allow-remote; else correct control.proxy in the config.',
    });
  const api = new ToxiproxyApi(address);
  await api.version();
  return new ToxiproxyLinks(api, options);
}

class ToxiproxyLinks implements Intermediary {
  readonly disturber: Disturber;
  readonly #api: ToxiproxyApi;
  readonly #options: ToxiproxyOptions;
  readonly #passages = new Map<string, Passage>();
  #closing: Promise<readonly string[]> | undefined;

  constructor(api: ToxiproxyApi, options: ToxiproxyOptions) {
    this.#api = api;
    this.#options = options;
    this.disturber = new ToxiproxyDisturber(this.#passages);
  }

  wouldLeave(links: readonly LinkSpec[]): LeftProxies {
    return { at: this.#options.address.text, names: links.map(({ node }) => this.#nameFor(node)) };
  }

  async open(link: LinkSpec): Promise<Upstream> {
    const { address } = this.#options;
    if (!address.isLocal && isLoopback(link.host))
      throw new OrchError('fault-impossible', `${link.node} is at ${authorityOf(link)}, this machine’s own`, {
        hint: `The Toxiproxy at ${address.text} is on another one: name the node by an address that it has from there too.`,
      });
    const proxy = this.#nameFor(link.node);
    // Known before it is made: one whose making was not answered may be there too.
    this.#passages.set(link.node, { at: address.text, proxy });
    // `localhost` may be either of two addresses, of which the server would take one, and load the other.
    const host = address.host === 'localhost' ? '127.0.0.1' : address.host;
    const listen = authorityOf({ host, port: 0 });
    const listens = await this.#api.createProxy({ name: proxy, listen, upstream: authorityOf(link) });
    return { host, port: Number(/\d+$/.exec(listens)?.[0]) };
  }

  close(): Promise<readonly string[]> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<readonly string[]> {
    const at = this.#options.address.text;
    const names = [...this.#passages.values()].map(({ proxy }) => proxy);
    const { left } = await removeProxies({ at, names }, { clock: this.#options.clock, ...patience });
    return left;
  }

  #nameFor(node: string): string {
    return proxyName(this.#options.mark, node);
  }
}
