import type { UndoNote } from '../model/event.ts';
import { type FaultKind, isDisturbing } from '../model/fault-spec.ts';

/** What a person can do about a fault that could not be undone: a command where there is one. */
export function repairOf(kind: FaultKind, { driver, incarnation, means }: UndoNote): string {
  // Ours end with orch, whatever state they are in.
  if (driver !== 'docker') return 'nothing is left to do: embedded nodes end with orch';
  const container = incarnation.slice(0, 12);
  if (isDisturbing(kind))
    return `orch recover; it was done by ${means ?? 'other means'} to container ${container}`;
  return `docker ${kind === 'pause' ? 'unpause' : 'start'} ${container}`;
}
