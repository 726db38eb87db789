import type { Driver, Sighting } from '../control/driver.ts';
import type { FaultKind } from '../model/event.ts';

/** What a scenario may say about how a fault is to be injected. */
export interface FaultOptions {
  readonly graceMs: number;
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
  isUndone(now: Sighting): boolean;
}
