import type { Driver, Sighting } from '../control/driver.ts';
import type { FaultKind } from '../model/event.ts';

/** What a scenario may say about how a fault is to be injected. */
export interface FaultOptions {
  readonly graceMs: number;
}

/**
 * How a fault stands: the node is as it left it; or the node runs, so that there is nothing to undo; or somebody else
 * has disturbed the node since, and it is theirs.
 */
export type Standing = 'in_force' | 'not_in_force' | 'theirs';

/** What was known of a fault's node before what is seen of it now. */
export interface History {
  /** The incarnation that was disturbed. */
  readonly incarnation: string;
  /** True where an undo was ordered before, so that a later incarnation may be ours. */
  readonly undoOrdered: boolean;
}

/**
 * One kind of fault. Both directions are plain functions of a driver and a node's name, so that what the journal holds
 * is enough for another process to undo it. Whether either took effect is judged from sightings, never from an answer.
 */
export interface Fault {
  readonly kind: FaultKind;
  /** `kill` → `killed`: for sentences about what is broken. */
  readonly participle: string;
  /** How it is undone, in words for people. */
  readonly undoneBy: string;
  inject(driver: Driver, node: string, options: FaultOptions): Promise<void>;
  isEffective(before: Sighting, now: Sighting): boolean;
  undo(driver: Driver, node: string): Promise<void>;
  standing(before: History, now: Sighting): Standing;
}
