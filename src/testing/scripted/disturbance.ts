/** What is done to a service, in the words of a script. */
export const disturbanceKinds = ['refuse', 'hang', 'reset', 'latency', 'errors', 'ramp'] as const;

/**
 * `refuse`: nobody listens. `hang`: what comes waits until it is over, as at a process that is stopped. `reset`: each
 * connection is reset. `latency`: each answer takes so much longer. `errors`: a share of the answers are errors. `ramp`: added
 * latency that grows evenly from nothing, and is gone at the end.
 */
export type DisturbanceKind = (typeof disturbanceKinds)[number];

/** One of them, with the times that it is to have, in seconds of the script. */
export interface Disturbance {
  readonly kind: DisturbanceKind;
  readonly fromSec: number;
  readonly toSec: number;
  /** Null: all nodes. */
  readonly node: string | null;
  /** Of `latency`, and of `ramp` at its end. */
  readonly addMs: number;
  /** Of `errors`: 0..1. */
  readonly share: number;
}

/** In an outage nothing is answered that comes while it lasts. */
export function isOutage({ kind }: Disturbance): boolean {
  return kind === 'refuse' || kind === 'hang' || kind === 'reset';
}

export function concerns(disturbance: Disturbance, node: string): boolean {
  return disturbance.node === null || disturbance.node === node;
}

/** What it adds to the latency of a request that comes at a time while it lasts. */
export function addedMs({ kind, fromSec, toSec, addMs }: Disturbance, sec: number): number {
  if (kind === 'latency') return addMs;
  return kind === 'ramp' ? (addMs * (sec - fromSec)) / (toSec - fromSec) : 0;
}
