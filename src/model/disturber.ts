import type { Disturbance, DisturbanceKind } from './fault-spec.ts';

/** Plain data that survives a journal. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What is there of a disturbance right now. */
export interface Trace {
  /**
   * `present`: all of it is there and is ours. `absent`: nothing of it is left. `partial`: some of it. `foreign`: what is there
   * in its place is somebody else's (a limit that was set to a third value since), so that nothing is to be undone.
   */
  readonly state: 'present' | 'absent' | 'partial' | 'foreign';
  /** The evidence in words, for the journal: `tc qdisc netem 5b1f: delay 100ms on eth0 of container 1f2e…`. */
  readonly evidence: string;
}

/**
 * One way of disturbing a node that goes on running: by rules in its network namespace, by a proxy in front of it, by its
 * limits, by a file. What it puts there carries a marker, or is known again by what `prepare` wrote down, so that another
 * process can take it away, and nothing else, with what the journal holds.
 *
 * Nothing here waits for the disturbance to show: `look` is asked again and again, until it does.
 */
export interface Disturber {
  /** `netem`, `iptables`, `proxy` …: what plan, log and journal say. */
  readonly means: string;
  readonly kinds: readonly DisturbanceKind[];
  /** Why it cannot do that to this node here, as a clause; null where it can. Touches nothing of the node. */
  refusal(node: string, spec: Disturbance): Promise<string | null>;
  /**
   * Reads all that is needed to undo it (where the node is, what was set before), and touches nothing.
   * @param marker Unique to this fault: letters, digits and `-`, at most 40 of them.
   * @throws Error where somebody else's doing stands in the way (a foreign qdisc), saying so
   */
  prepare(node: string, spec: Disturbance, marker: string): Promise<Json>;
  apply(node: string, spec: Disturbance, prepared: Json): Promise<void>;
  /** Takes away whatever there is of it; that there is nothing is fine. */
  remove(node: string, spec: Disturbance, prepared: Json): Promise<void>;
  /** Looks out-of-band. Rejects with NodeGone where there is no such node any more. */
  look(node: string, spec: Disturbance, prepared: Json): Promise<Trace>;
}
