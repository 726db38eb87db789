import { faults } from '../fault/box.ts';
import type { Subject } from '../fault/fault.ts';
import type { FaultEvent, FaultState, RunEvent, UndoNote } from '../model/event.ts';
import { type FaultSpec, faultSpec } from '../model/fault-spec.ts';

/**
 * Which state of a fault may follow which; the life of each begins with `requested`. It ends with `verified` or
 * `superseded`; in every other state the fault is open, and whoever reads the journal owes it an undo.
 */
export const followers: Readonly<Record<FaultState, readonly FaultState[]>> = {
  requested: ['effective', 'ineffective', 'failed', 'undo_requested'],
  effective: ['undo_requested'],
  // It was not seen to take effect, which does not mean that it never will: it is undone like any other.
  ineffective: ['undo_requested'],
  failed: ['undo_requested'],
  // Asked for again by another process, where the one that asked first is no more.
  undo_requested: ['undone', 'superseded', 'undo_failed', 'undo_requested'],
  undone: ['verified', 'superseded', 'undo_failed', 'undo_requested'],
  undo_failed: ['undo_requested'],
  verified: [],
  superseded: [],
};

export function mayFollow(before: FaultState, after: FaultState): boolean {
  return followers[before].includes(after);
}

/** A fault as its journal has it. */
export interface JournaledFault extends Pick<FaultEvent, 'id' | 'node' | 'phase' | 'state'>, Subject {
  readonly note: UndoNote;
  /** True where it was seen to take effect. */
  readonly wasEffective: boolean;
  readonly undoOrdered: boolean;
}

/**
 * The faults that a journal shows open, in the order in which they were requested. Where the intent is not to be read,
 * as its line was torn, nothing is known to undo; whoever reads the journal is told of such lines.
 */
export function openFaults(events: readonly RunEvent[]): readonly JournaledFault[] {
  const faults = new Map<string, JournaledFault>();
  for (const event of events) {
    if (event.type !== 'fault') continue;
    const before = faults.get(event.id);
    const note = event.undo ?? before?.note;
    const spec = event.spec ?? before?.spec ?? (note && faultSpec(event.kind, {}));
    if (note !== undefined && spec !== undefined) faults.set(event.id, after(before, event, note, spec));
  }
  return [...faults.values()].filter(({ state }) => followers[state].length > 0);
}

function after(
  before: JournaledFault | undefined,
  { id, node, phase, state }: FaultEvent,
  note: UndoNote,
  spec: FaultSpec,
): JournaledFault {
  return {
    id,
    node,
    phase,
    state,
    note,
    spec,
    means: note.means ?? null,
    prepared: note.prepared ?? null,
    wasEffective: before?.wasEffective === true || state === 'effective',
    undoOrdered: before?.undoOrdered === true || isAfterUndo(state),
  };
}

/** Any state that only an undo leads to: where the disk was full, the line that asked for it may be missing. */
function isAfterUndo(state: FaultState): boolean {
  return state === 'undo_requested' || state === 'undone' || state === 'undo_failed';
}

/** `service-node-2 killed`: what is not as it was. */
export function brokenText({ spec, node }: JournaledFault): string {
  return `${node} ${faults[spec.kind].participle(spec)}`;
}
