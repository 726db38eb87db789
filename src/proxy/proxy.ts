import { Worker } from 'node:worker_threads';
import { endedOrOverdue } from '../clock/thread-end.ts';
import { messageOf } from '../model/errors.ts';
import type { LinkCounters } from './counters.ts';
import { type InForce, type LinkId, type LinkSpec, linkName, type OpenLink } from './link-spec.ts';
import type { Answer, Ask, OrderType, Reply } from './orders.ts';
import type { ToxicSpec } from './toxic.ts';

export interface ProxyOptions {
  /** Of all that is drawn: the same seed, links, connections and requests meet the same faults. */
  readonly seed: number;
  /** Told, as a sentence, where the proxy has come to an end that nobody asked for; its connections have ended with it. */
  readonly onLost: (text: string) => void;
}

type Pending = Pick<PromiseWithResolvers<never>, 'resolve' | 'reject'>;

/**
 * The fault proxy of a run: links that stand between nodes and who talks to them, on ports of 127.0.0.1, and the toxics on
 * them. All of them live in one worker thread, so that neither holds up the other’s clock; every method asks the worker,
 * and rejects with an Error where it refuses, or is no more.
 */
export class Proxy {
  readonly #options: ProxyOptions;
  readonly #worker: Worker;
  readonly #links = new Map<string, OpenLink>();
  readonly #pending = new Map<number, Pending>();
  readonly #exited = Promise.withResolvers<void>();
  #nextId = 0;
  #ended: Error | null = null;
  #closing: Promise<void> | undefined;

  /** @param worker Runs src/proxy/worker.ts. */
  constructor(options: ProxyOptions, worker = startWorker()) {
    this.#options = options;
    this.#worker = worker;
    worker
      .on('message', (reply: Reply) => this.#settle(reply))
      .on('error', (error) => this.#lose(messageOf(error)))
      .on('exit', (code) => {
        this.#exited.resolve();
        this.#lose(`its thread ended with ${code}`);
      });
  }

  get links(): readonly OpenLink[] {
    return [...this.#links.values()];
  }

  /** Takes connections for that node, on a port of its own. */
  async open(spec: LinkSpec): Promise<OpenLink> {
    const { localPort } = await this.#ask('open', spec, { spec, seed: this.#options.seed });
    const link = { ...spec, localPort };
    this.#links.set(linkName(link), link);
    return link;
  }

  /** Puts a toxic in force at once, in place of the one with the same marker, if any. */
  async set(link: LinkId, marker: string, spec: ToxicSpec): Promise<void> {
    await this.#ask('set', link, { marker, spec });
  }

  /** Ends the toxic of that marker; that there is none is fine. */
  async clear(link: LinkId, marker: string): Promise<void> {
    await this.#ask('clear', link, { marker });
  }

  /** The toxics that are in force, as the worker knows them. */
  look(link: LinkId): Promise<readonly InForce[]> {
    return this.#ask('look', link, {});
  }

  count(link: LinkId): Promise<LinkCounters> {
    return this.#ask('count', link, {});
  }

  /** Ends all links, their connections and the worker. Everything that is asked thereafter rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const closed = this.links.map((link) => this.#ask('close', link, {}));
    this.#ended ??= new Error('the fault proxy was closed');
    const end = async () => {
      await Promise.allSettled(closed);
      this.#worker.postMessage('end');
      await this.#exited.promise;
    };
    await endedOrOverdue(end());
    await this.#worker.terminate();
  }

  #ask<K extends OrderType>(type: K, link: LinkId, ask: Ask<K>): Promise<Answer<K>> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId;
    this.#nextId += 1;
    const { promise, resolve, reject } = Promise.withResolvers<Answer<K>>();
    this.#pending.set(id, { resolve, reject });
    this.#worker.postMessage({ type, id, link: linkName(link), ...ask });
    return promise;
  }

  #settle(reply: Reply): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if ('error' in reply) pending?.reject(new Error(reply.error));
    else pending?.resolve(reply.answer);
  }

  /** Whoever closes the proxy ends the worker: that is not lost. */
  #lose(why: string): void {
    const text = `the fault proxy has ended: ${why}`;
    if (this.#ended === null) this.#options.onLost(text);
    this.#ended ??= new Error(text);
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}

/** The worker’s file beside this one: a `.ts` in the sources, a `.js` once built. */
function startWorker(): Worker {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new Worker(new URL(`./worker${extension}`, import.meta.url), { execArgv: [] });
}
