import type { Driver, Sighting } from '../control/driver.ts';
import type { Disturber, Json } from '../model/disturber.ts';
import type { FaultKind, FaultSpec } from '../model/fault-spec.ts';

/** What faults act with. */
export interface Hands {
  readonly driver: Driver;
  /** Every means of disturbing a node that goes on running, the preferred ones first. */
  readonly disturbers: readonly Disturber[];
}

/** One fault: what it does to which node and, once it is prepared, all that another process needs to undo it. */
export interface Subject<S extends FaultSpec = FaultSpec> {
  readonly node: string;
  readonly spec: S;
  /** By what the node is disturbed; null where a power of the driver does it. */
  readonly means: string | null;
  /** What that means wrote down; null where it needs nothing. */
  readonly prepared: Json;
}

/**
 * How a fault stands: the node is as it left it; or the node runs, so that there is nothing to undo; or somebody else
 * has disturbed the node since, and it is theirs.
 */
export type Standing = 'in_force' | 'not_in_force' | 'theirs';

/** What is seen of a fault's node and, where it is disturbed beside, of what was put there. */
export interface Seen extends Sighting {
  readonly trace?: 'present' | 'absent' | 'partial' | 'foreign';
}

/** What was known of a fault's node before what is seen of it now. */
export interface History {
  /** The incarnation that was disturbed. */
  readonly incarnation: string;
  /** True where an undo was ordered before, so that a later incarnation may be ours. */
  readonly undoOrdered: boolean;
}

/**
 * One kind of fault. Both directions are plain functions of what the journal holds, so that another process can undo it.
 * Whether either took effect is judged from what is seen, never from an answer.
 */
export interface Fault<S extends FaultSpec = FaultSpec> {
  readonly kind: FaultKind;
  /** `killed`, `slowed by 100 ms`: for sentences about what is broken. */
  participle(spec: S): string;
  /** How it is undone, in words for people. */
  readonly undoneBy: string;
  /** How long it may take beyond what any order may, in milliseconds: the grace of a stop. */
  extraMs(spec: S): number;
  inject(hands: Hands, subject: Subject<S>): Promise<void>;
  look(hands: Hands, subject: Subject<S>): Promise<Seen>;
  isEffective(before: Sighting, now: Seen): boolean;
  undo(hands: Hands, subject: Subject<S>): Promise<void>;
  standing(before: History, now: Seen): Standing;
}

export type SpecOf<K extends FaultKind> = Extract<FaultSpec, { kind: K }>;
