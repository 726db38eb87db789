import type { Driver, Sighting } from '../control/driver.ts';
import { faults } from '../fault/box.ts';
import { disturberOf } from '../fault/disturbance.ts';
import type { Hands } from '../fault/fault.ts';
import type { Json } from '../model/disturber.ts';
import type { UndoNote } from '../model/event.ts';
import { isDisturbance } from '../model/fault-spec.ts';
import type { InjectOrder } from './plan.ts';

/**
 * What a fault's means has to know for undoing it; nothing is touched. Null where a power of the driver does it.
 * @param mark Unique to the run.
 */
export async function prepare(
  { id, spec, node, means }: InjectOrder,
  hands: Hands,
  mark: string,
): Promise<Json> {
  if (!isDisturbance(spec)) return null;
  return disturberOf(hands, means).prepare(node, spec, `${mark}-${id}`);
}

export interface BeforeFault {
  readonly driver: Driver;
  /** The node as it was seen just before. */
  readonly before: Sighting;
  readonly prepared: Json;
  /** How long after it was accepted an order may still take effect, in milliseconds. */
  readonly effectMs: number;
  /** How long the fault may be in force, in milliseconds. */
  readonly limitMs: number;
}

/** Everything that is needed to undo a fault, for its journal. */
export function undoNote(
  { spec, means }: InjectOrder,
  { driver, before, prepared, effectMs, limitMs }: BeforeFault,
): UndoNote {
  const kind = faults[spec.kind];
  const extraMs = kind.extraMs(spec);
  return {
    driver: driver.name,
    ...(driver.engine === null ? {} : { engine: driver.engine }),
    incarnation: before.incarnation,
    settle_ms: extraMs + effectMs,
    limit_ms: limitMs + extraMs,
    how: `${kind.undoneBy} (orch does so itself when the run ends)`,
    ...(means === null ? {} : { means, prepared }),
  };
}
