import type { Json, Trace } from '../../../model/disturber.ts';
import type { Disturbance, DisturbanceKind } from '../../../model/fault-spec.ts';
import type { z } from '../../../model/zod.ts';
import type { InspectedContainer } from '../engine.ts';

/** What a disturbance is planned upon. */
export interface Scene {
  readonly self: InspectedContainer;
  /** The containers of the nodes that a partition names. */
  readonly peers: readonly InspectedContainer[];
  /** What the survey of the namespace printed. */
  readonly listed: string;
}

/**
 * One way of disturbing a network namespace, as shell scripts to be run within it and readings of what they print:
 * pure, so that it does not matter where they are run. A script that fails exits with another code than 0.
 */
export interface NetMeans<Layout extends Json> {
  readonly means: string;
  readonly kinds: readonly DisturbanceKind[];
  /** All that is put into the namespace, as the journal keeps it. */
  readonly layout: z.ZodType<Layout>;
  /** Lists what is there before anything is planned. */
  survey(self: InspectedContainer): string;
  /** @throws Error where it cannot be done upon this scene, or somebody else's doing stands in the way */
  plan(spec: Disturbance, marker: string, scene: Scene): Layout;
  /** Puts the like of it into an empty namespace with a loopback interface only, to see whether the kernel can. */
  rehearsal(layout: Layout): string;
  applying(layout: Layout): string;
  /** Lists what is there, for `trace` and `removing`. */
  listing(layout: Layout): string;
  /** What is there, and in words. */
  trace(layout: Layout, listed: string): { readonly state: Trace['state']; readonly found: string };
  /** Takes away what is listed and is ours; null where nothing is. */
  removing(layout: Layout, listed: string): string | null;
}
