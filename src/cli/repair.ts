import type { NodeState } from '../control/driver.ts';
import type { UndoNote } from '../model/event.ts';
import { type FaultKind, isDisturbing } from '../model/fault-spec.ts';

/** What a person can do about a fault that could not be undone: a command where there is one. */
export function repairOf(kind: FaultKind, { driver, incarnation, means }: UndoNote): string {
  // Ours end with orch, whatever state they are in.
  if (driver !== 'docker') return 'nothing is left to do: embedded nodes end with orch';
  if (isDisturbing(kind))
    return `orch recover; it was done by ${means ?? 'other means'} to container ${shortOf(incarnation)}`;
  return kind === 'pause' ? unpause(incarnation) : start(incarnation);
}

/** The command that makes a container in that state run; null where it does. */
export function commandFor(state: NodeState, incarnation: string): string | null {
  if (state === 'running') return null;
  return state === 'paused' ? unpause(incarnation) : start(incarnation);
}

function start(incarnation: string): string {
  return `docker start ${shortOf(incarnation)}`;
}

function unpause(incarnation: string): string {
  return `docker unpause ${shortOf(incarnation)}`;
}

function shortOf(incarnation: string): string {
  return incarnation.slice(0, 12);
}
