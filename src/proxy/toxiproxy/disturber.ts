import type { Disturber, Json, Trace } from '../../model/disturber.ts';
import { type Disturbance, type DisturbanceKind, peersOf } from '../../model/fault-spec.ts';
import { z } from '../../model/zod.ts';
import { isToxicKind, toxicKinds, type ToxicSpec } from '../toxic.ts';
import { toxiproxyAddress } from './address.ts';
import { ToxiproxyApi, toxicsSchema, type ToxiproxyToxic } from './api.ts';
import { toxicsFor } from './toxics.ts';

/** The proxy through which the load of a node goes. */
export interface Passage {
  /** The server, as `text` of its address. */
  readonly at: string;
  readonly proxy: string;
}

const preparedSchema = z.object({ at: z.string(), proxy: z.string(), toxics: toxicsSchema });
type Prepared = z.output<typeof preparedSchema>;

/**
 * Disturbs nodes by toxics on our proxies in a Toxiproxy server. All that undoing takes is in what was prepared, as
 * proxies and toxics there outlive the process that made them.
 */
export class ToxiproxyDisturber implements Disturber {
  readonly means = 'toxiproxy';
  readonly kinds: readonly DisturbanceKind[] = toxicKinds;
  readonly #passages: ReadonlyMap<string, Passage>;

  /** @param passages By node, and still growing; none where there is only something to undo. */
  constructor(passages: ReadonlyMap<string, Passage> = new Map()) {
    this.#passages = passages;
  }

  refusal(node: string, spec: Disturbance): Promise<string | null> {
    const translated = isToxic(spec)
      ? toxicsFor(spec, '')
      : { refusal: `Toxiproxy can do nothing of the kind` };
    if ('refusal' in translated) return Promise.resolve(`${translated.refusal}${whoCan(spec)}`);
    const isOnTheWay = this.#passages.has(node);
    return Promise.resolve(isOnTheWay ? null : `no load goes to ${node} through Toxiproxy`);
  }

  async prepare(node: string, spec: Disturbance, marker: string): Promise<Json> {
    const refusal = await this.refusal(node, spec);
    const passage = this.#passages.get(node);
    const translated = isToxic(spec) ? toxicsFor(spec, marker) : null;
    if (passage === undefined || translated === null || 'refusal' in translated)
      throw new Error(refusal ?? 'Toxiproxy cannot do it');
    return { ...passage, toxics: translated.toxics };
  }

  async apply(_node: string, _spec: Disturbance, prepared: Json): Promise<void> {
    const { at, proxy, toxics } = read(prepared);
    const api = apiAt(at);
    for (const toxic of toxics) await api.addToxic(proxy, toxic);
  }

  async remove(_node: string, _spec: Disturbance, prepared: Json): Promise<void> {
    const { at, proxy, toxics } = read(prepared);
    const api = apiAt(at);
    for (const { name } of toxics) await api.removeToxic(proxy, name);
  }

  /** One that somebody has changed since is `partial`: it is ours by its name, and to be taken away. */
  async look(_node: string, _spec: Disturbance, prepared: Json): Promise<Trace> {
    const { at, proxy, toxics } = read(prepared);
    const place = `Toxiproxy at ${at}, proxy ${proxy}`;
    const found = await apiAt(at).findProxy(proxy);
    if (found === null) return { state: 'absent', evidence: `${place}: it is not there` };
    const ours = found.toxics.filter(({ name }) => toxics.some((toxic) => toxic.name === name));
    if (ours.length === 0) return { state: 'absent', evidence: `${place}: no toxic ${namesOf(toxics)}` };
    const isWhole = toxics.every((toxic) => ours.some((one) => isSame(toxic, one)));
    return {
      state: isWhole ? 'present' : 'partial',
      evidence: `${place}: ${ours.map(shown).join('; ')}`,
    };
  }
}

function isToxic(spec: Disturbance): spec is ToxicSpec {
  return isToxicKind(spec.kind);
}

/** The embedded proxy of a run stands between load and nodes too, and can do all else. */
function whoCan(spec: Disturbance): string {
  if (!isToxic(spec)) return '';
  if (peersOf(spec).length > 0)
    return '; the embedded proxy does between embedded Redis nodes (control.proxy: embedded)';
  return '; the embedded proxy can (control.proxy: embedded)';
}

function apiAt(at: string): ToxiproxyApi {
  return new ToxiproxyApi(toxiproxyAddress(at));
}

function read(prepared: Json): Prepared {
  const parsed = preparedSchema.safeParse(prepared);
  if (parsed.success) return parsed.data;
  throw new Error(`what was prepared for Toxiproxy is not whole: ${z.prettifyError(parsed.error)}`);
}

function isSame(asked: ToxiproxyToxic, there: ToxiproxyToxic): boolean {
  return (
    there.name === asked.name &&
    there.type === asked.type &&
    there.stream === asked.stream &&
    Math.fround(there.toxicity) === Math.fround(asked.toxicity) &&
    Object.entries(asked.attributes).every(([key, value]) => there.attributes[key] === value)
  );
}

/** `latency 5b1f-f1-downstream on downstream, {"latency":100,"jitter":0}`, with a toxicity that is not 1. */
function shown({ name, type, stream, toxicity, attributes }: ToxiproxyToxic): string {
  const share = toxicity === 1 ? '' : ` for a share of ${toxicity}`;
  return `${type} ${name} on ${stream}${share}, ${JSON.stringify(attributes)}`;
}

function namesOf(toxics: readonly ToxiproxyToxic[]): string {
  return toxics.map(({ name }) => name).join(', ');
}
