import type { FaultEvent, FaultState, RunEvent, UndoNote } from '../../model/event.ts';
import type { FaultKind } from '../../model/fault-spec.ts';
import { followers, openFaults } from '../../run/fault-life.ts';
import type { Asked } from './client.ts';
import type { Disk } from './disk.ts';
import type { Timeline } from './timeline.ts';

type Deed = Asked['power'];

const powersOf: Readonly<Partial<Record<FaultKind, { readonly act: Deed; readonly undo: Deed }>>> = {
  kill: { act: 'kill', undo: 'start' },
  stop: { act: 'stop', undo: 'start' },
  restart: { act: 'stop', undo: 'start' },
  pause: { act: 'pause', undo: 'unpause' },
  latency: { act: 'put', undo: 'take' },
};

/** A fault as those who were there know it, whether or not the journal could be written. */
export interface WitnessedFault {
  readonly id: string;
  readonly node: string;
  readonly kind: FaultKind;
  readonly note: UndoNote;
  readonly states: readonly FaultState[];
  /** Whether it was ordered: an interruption may come between the intent and the act. */
  readonly isInjected: boolean;
}

/** Watches what every process does while it does it, and holds it against the law. */
export class Witness {
  readonly transitions = new Set<string>();
  /** What befell the run's own process, in order. */
  readonly troubles: ('interrupt' | 'fault' | 'disk')[] = [];
  readonly #disk: Disk;
  readonly #timeline: Timeline;
  readonly #faults = new Map<string, Omit<WitnessedFault, 'isInjected'>>();
  /** The faults that were really ordered, and those whose undo was, by their ids. */
  readonly #injected = new Set<string>();
  readonly #undone = new Set<string>();
  #isInterrupted = false;

  constructor(disk: Disk, timeline: Timeline) {
    this.#disk = disk;
    this.#timeline = timeline;
  }

  /** A process has written an event, or could not. */
  written(event: RunEvent, isWritten: boolean): void {
    if (event.type === 'fault' && event.state === 'failed') this.troubles.push('fault');
    if (!isWritten) this.troubles.push('disk');
  }

  /** The run was interrupted: from here on it begins no fault. */
  interrupted(): void {
    this.troubles.push('interrupt');
    this.#isInterrupted = true;
  }

  /** Every fault that has begun: one whose intent could not be written has not. */
  get faults(): readonly WitnessedFault[] {
    return [...this.#faults.values()]
      .map((fault) => ({ ...fault, isInjected: this.#injected.has(fault.id) }))
      .filter(({ states, isInjected }) => isInjected || states.length > 1);
  }

  /** Watches one process write: each state must be one that may follow the one that this process knows of. */
  writer(): (event: RunEvent) => void {
    const known = new Map<string, FaultState>();
    for (const { id, state } of openFaults(this.#disk.events)) known.set(id, state);
    return (event) => {
      if (event.type !== 'fault') return;
      this.#follow(known.get(event.id), event);
      known.set(event.id, event.state);
      this.#remember(event);
    };
  }

  /**
   * Holds an order against the journal as it is on the disk when the order is given: it must show that this process has
   * seen the very incarnation that was disturbed. Once its undo was asked for, a later one may be ours. A rule is ours by its
   * marker.
   */
  order({ power, node, seen, rule }: Asked): void {
    const isUndo = power === 'start' || power === 'unpause' || power === 'take';
    if (!isUndo && this.#isInterrupted) this.#timeline.violated(`${power} ${node} after the interruption`);
    const reasons = this.#disk.events.filter(
      (event): event is FaultEvent =>
        event.type === 'fault' &&
        event.node === node &&
        powersOf[event.kind]?.[isUndo ? 'undo' : 'act'] === power,
    );
    const reason = reasons.findLast(
      ({ id, undo }) =>
        undo !== undefined &&
        (rule === undefined
          ? undo.incarnation === seen?.incarnation || (isUndo && this.#undoWasAsked(id))
          : undo.prepared === rule),
    );
    if (reason === undefined)
      this.#timeline.violated(`${power} ${node}, seen as ${seen?.evidence}: the journal does not say why`);
    else (isUndo ? this.#undone : this.#injected).add(reason.id);
  }

  /** True where an undo was ordered, or was to be by a process that is no more, before this one. */
  #undoWasAsked(id: string): boolean {
    const states = this.#faults.get(id)?.states ?? [];
    return this.#undone.has(id) || states.filter((state) => state === 'undo_requested').length > 1;
  }

  #follow(before: FaultState | undefined, { id, state }: FaultEvent): void {
    this.transitions.add(`${before ?? 'none'} → ${state}`);
    const allowed: readonly FaultState[] = before === undefined ? ['requested'] : followers[before];
    if (!allowed.includes(state))
      this.#timeline.violated(`${id} became ${state} after ${before ?? 'nothing'}`);
  }

  #remember({ id, node, kind, state, undo }: FaultEvent): void {
    const before = this.#faults.get(id);
    const note = undo ?? before?.note;
    if (note === undefined) return;
    this.#faults.set(id, { id, node, kind, note, states: [...(before?.states ?? []), state] });
  }
}
