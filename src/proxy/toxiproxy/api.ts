import { errnoOf, messageOf, OrchError } from '../../model/errors.ts';
import { z } from '../../model/zod.ts';
import type { ToxiproxyAddress } from './address.ts';

const toxicSchema = z.object({
  name: z.string(),
  type: z.string(),
  stream: z.enum(['upstream', 'downstream']),
  /** The share of the connections that meet it, drawn by Toxiproxy for each and each stream; a 32-bit float. */
  toxicity: z.number(),
  attributes: z.record(z.string(), z.json()),
});
/** A toxic of Toxiproxy. `upstream` is what clients send, `downstream` what the node sends. */
export type ToxiproxyToxic = z.output<typeof toxicSchema>;
export const toxicsSchema = z.array(toxicSchema);

const proxySchema = z.object({ listen: z.string(), toxics: toxicsSchema });
export type FoundProxy = z.output<typeof proxySchema>;
/** Before 2.6, the answer is the bare version; a server built by hand says `git`. */
const versionSchema = z.union([
  z.object({ version: z.string() }).transform(({ version }) => version),
  z.string().regex(/^(\d+\.\d+\.\d+\S*|git)$/, 'is no version'),
]);
const errorSchema = z.object({ error: z.string() });

/** One call. The server itself gives up after 25 s, the orders of a fault here before that. */
const limitMs = 10_000;

/**
 * The HTTP API of a Toxiproxy server (github.com/Shopify/toxiproxy, 2.x), as far as orch needs it. Every call ends within
 * ten seconds.
 * @throws OrchError `toxiproxy-unreachable` where nothing answers, or something else does; Error where it refuses
 */
export class ToxiproxyApi {
  readonly address: ToxiproxyAddress;

  constructor(address: ToxiproxyAddress) {
    this.address = address;
  }

  async version(): Promise<string> {
    return this.#read(versionSchema, await this.#call('GET', '/version'));
  }

  /** Resolves to where it listens: `127.0.0.1:41234`. */
  async createProxy(proxy: { name: string; listen: string; upstream: string }): Promise<string> {
    const answer = await this.#call('POST', '/proxies', { ...proxy, enabled: true });
    return this.#read(proxySchema, answer).listen;
  }

  /** Null where there is no proxy of that name. */
  async findProxy(name: string): Promise<FoundProxy | null> {
    const answer = await this.#ask('GET', pathOf(name));
    return answer === null ? null : this.#read(proxySchema, answer);
  }

  /** Ends its connections and all its toxics too. That there is none is fine. */
  async removeProxy(name: string): Promise<void> {
    await this.#ask('DELETE', pathOf(name));
  }

  async addToxic(proxy: string, toxic: ToxiproxyToxic): Promise<void> {
    await this.#call('POST', `${pathOf(proxy)}/toxics`, toxic);
  }

  /** That there is none is fine. */
  async removeToxic(proxy: string, name: string): Promise<void> {
    await this.#ask('DELETE', `${pathOf(proxy)}/toxics/${encodeURIComponent(name)}`);
  }

  /**
   * Null where there is no such thing. A server keeps proxies and toxics in its memory only, so that nothing is left of them
   * where it has ended itself: on this machine, that is where nobody listens any more.
   */
  async #ask(method: string, path: string): Promise<Answer | null> {
    try {
      const answer = await this.#send(method, path);
      return answer.status === 404 && errorOf(answer) !== null ? null : this.#good(answer);
    } catch (error) {
      if (this.address.isLocal && error instanceof OrchError && errnoOf(error.cause) === 'ECONNREFUSED')
        return null;
      throw error;
    }
  }

  async #call(method: string, path: string, body?: object): Promise<Answer> {
    return this.#good(await this.#send(method, path, body));
  }

  async #send(method: string, path: string, body?: object): Promise<Answer> {
    const { text: at } = this.address;
    try {
      const response = await fetch(`http://${at}${path}`, {
        method,
        // A connection of its own for each call: none is kept that the server may just be closing.
        headers: { connection: 'close', 'user-agent': 'orch' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(limitMs),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      // What fetch itself says is only that it failed.
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      throw unreachable(`no Toxiproxy answers at ${at}: ${messageOf(cause)}`, cause);
    }
  }

  #good(answer: Answer): Answer {
    if (answer.status < 300) return answer;
    const told = errorOf(answer);
    if (told === null) throw this.#isNone(`HTTP ${answer.status}`);
    throw new Error(`the Toxiproxy at ${this.address.text} refuses: ${told}`);
  }

  #read<T>(schema: z.ZodType<T>, { text }: Answer): T {
    const read = schema.safeParse(jsonOf(text));
    if (read.success) return read.data;
    throw this.#isNone(z.prettifyError(read.error).replaceAll('\n', ' '));
  }

  #isNone(why: string): OrchError {
    return unreachable(`what answers at ${this.address.text} is no Toxiproxy: ${why}`);
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function pathOf(proxy: string): string {
  return `/proxies/${encodeURIComponent(proxy)}`;
}

/** What a Toxiproxy says of a call that it refuses; null where the answer is not one of its own. */
function errorOf({ text }: Answer): string | null {
  const told = errorSchema.safeParse(jsonOf(text));
  return told.success ? told.data.error : null;
}

/** Text that is no JSON stays as it is. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}

function unreachable(message: string, cause?: unknown): OrchError {
  const hint =
    'Start it (toxiproxy-server), or correct control.proxy in the config; `orch doctor` looks for it.';
  return new OrchError('toxiproxy-unreachable', message, { hint, cause });
}
