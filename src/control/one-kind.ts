import type { Disturber, Json, Trace } from '../model/disturber.ts';
import type { Disturbance, DisturbanceKind } from '../model/fault-spec.ts';
import type { z } from '../model/zod.ts';

export type SpecOf<K extends DisturbanceKind> = Extract<Disturbance, { kind: K }>;

/** A disturber of one kind, whose prepared data has a shape of its own. */
export interface OneKind<K extends DisturbanceKind, P extends Json> {
  readonly means: string;
  readonly kind: K;
  /** What the journal is to hold; what it does hold is checked against it. */
  readonly prepared: z.ZodType<P>;
  refusal(node: string, spec: SpecOf<K>): Promise<string | null>;
  prepare(node: string, spec: SpecOf<K>, marker: string): Promise<P>;
  apply(node: string, prepared: P): Promise<void>;
  remove(node: string, prepared: P): Promise<void>;
  look(node: string, prepared: P): Promise<Trace>;
}

/** What a check of what stands in the way throws, as a refusal; null where nothing does. */
export async function refusalFrom(check: Promise<unknown>): Promise<string | null> {
  try {
    await check;
    return null;
  } catch (thrown) {
    // What stands in the way is a plain Error; all others are failures of their own.
    if (thrown instanceof Error && thrown.name === 'Error') return thrown.message;
    throw thrown;
  }
}

/** As everybody else sees it: the kind is asserted, and the journal's data read, in this one place. */
export function disturberOf<K extends DisturbanceKind, P extends Json>(one: OneKind<K, P>): Disturber {
  const { means, kind } = one;
  const isOurs = (spec: Disturbance): spec is SpecOf<K> => spec.kind === kind;
  const ours = (spec: Disturbance): SpecOf<K> => {
    if (!isOurs(spec)) throw new Error(`${means} does ${kind}, not ${spec.kind}`);
    return spec;
  };
  return {
    means,
    kinds: [kind],
    refusal: async (node, spec) => one.refusal(node, ours(spec)),
    prepare: async (node, spec, marker) => one.prepare(node, ours(spec), marker),
    apply: async (node, _spec, prepared) => one.apply(node, one.prepared.parse(prepared)),
    remove: async (node, _spec, prepared) => one.remove(node, one.prepared.parse(prepared)),
    look: async (node, _spec, prepared) => one.look(node, one.prepared.parse(prepared)),
  };
}
