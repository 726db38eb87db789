import type { Clock } from '../clock/clock.ts';
import type { LeftProxies } from '../model/manifest.ts';
import type { Address } from '../model/node.ts';
import { embeddedProxy } from '../proxy/embedded.ts';
import type { Intermediary } from '../proxy/intermediary.ts';
import { linkName, type LinkSpec } from '../proxy/link-spec.ts';
import { toxiproxyAddress } from '../proxy/toxiproxy/address.ts';

/** An open link, and where its node is reached through it. */
export interface Passage {
  readonly link: LinkSpec;
  readonly at: Address;
}

export interface PassagesOptions {
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

/** The ways through the proxy of a run, which is made for the first of them; whoever made them has them taken away. */
export class Passages {
  readonly #options: PassagesOptions;
  readonly #open = new Map<string, Promise<Address>>();
  #intermediary: Promise<Intermediary> | undefined;

  constructor(options: PassagesOptions) {
    this.#options = options;
  }

  /** @throws OrchError `remote-engine`, `toxiproxy-unreachable` */
  intermediary(): Promise<Intermediary> {
    this.#intermediary ??= this.#make();
    return this.#intermediary;
  }

  /** Opens those of the links that are not open yet. */
  async through(links: readonly LinkSpec[]): Promise<readonly Passage[]> {
    const intermediary = await this.intermediary();
    const left = intermediary.wouldLeave(links);
    if (left !== null) await this.#options.note(left);
    const passages: Passage[] = [];
    for (const link of links) {
      const name = linkName(link);
      const opening = this.#open.get(name) ?? intermediary.open(link);
      this.#open.set(name, opening);
      passages.push({ link, at: await opening });
    }
    return passages;
  }

  /** The Toxiproxy that the config names, or the proxy that is orch’s own. */
  async #make(): Promise<Intermediary> {
    const { proxy, seed, mark, clock, allowRemote, onOpening, onLost } = this.#options;
    const made =
      proxy === 'embedded'
        ? embeddedProxy({ seed, onLost })
        : await (await import('../proxy/toxiproxy/links.ts')).toxiproxyLinks({
            address: toxiproxyAddress(proxy),
            mark,
            allowRemote,
            clock,
          });
    onOpening(() => made.close());
    return made;
  }
}
