import type { FaultState } from '../model/event.ts';
import { type FaultKind, isDisturbing } from '../model/fault-spec.ts';
import { brokenText, type JournaledFault, mayFollow } from './fault-life.ts';
import type { Journal } from './journal.ts';

/** The faults of this run that have not come to their end, as they stand; each change is journaled. */
export class FaultBook {
  readonly #journal: Journal;
  readonly #open = new Map<string, JournaledFault>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** In the order in which they began. */
  get all(): readonly JournaledFault[] {
    return [...this.#open.values()];
  }

  /** `service-node-2 killed`, for each. */
  get broken(): readonly string[] {
    return this.all.map(brokenText);
  }

  /** Their nodes, each once. */
  get nodes(): readonly string[] {
    return [...new Set(this.all.map(({ node }) => node))];
  }

  get(id: string): JournaledFault | undefined {
    return this.#open.get(id);
  }

  /** Whether another fault than that is open on the node. */
  isBesetBeside(id: string, node: string): boolean {
    return this.all.some((other) => other.id !== id && other.node === node);
  }

  /**
   * What another fault of that kind would meet on the node. A plan lets none meet there: but parts of a group go on side by
   * side, and what could not be undone is still in force.
   */
  inTheWayOf(kind: FaultKind, node: string): JournaledFault | undefined {
    const clash = (other: FaultKind) => !isDisturbing(kind) || !isDisturbing(other) || kind === other;
    return this.all.find((open) => open.node === node && open.state !== 'undone' && clash(open.spec.kind));
  }

  /** Only what could be journaled has begun. */
  async begin(fault: JournaledFault, detail: string): Promise<void> {
    await this.#write(fault, detail);
    this.#open.set(fault.id, fault);
  }

  /** A fault's life goes on even where its journal cannot be written. */
  async advance(id: string, state: FaultState, detail?: string): Promise<void> {
    const fault = this.#open.get(id);
    if (fault === undefined || !mayFollow(fault.state, state))
      throw new Error(`fault ${id} cannot become ${state} after ${fault?.state}`);
    const next: JournaledFault = {
      ...fault,
      state,
      wasEffective: fault.wasEffective || state === 'effective',
      undoOrdered: fault.undoOrdered || state === 'undo_requested',
    };
    this.#open.set(id, next);
    await this.#write(next, detail);
  }

  /** It has come to its end. */
  close(id: string): void {
    this.#open.delete(id);
  }

  #write({ id, spec, node, phase, state, note }: JournaledFault, detail?: string): Promise<void> {
    return this.#journal.write({
      type: 'fault',
      id,
      kind: spec.kind,
      node,
      phase,
      state,
      ...(state === 'requested' ? { spec, undo: note } : {}),
      ...(detail === undefined ? {} : { detail }),
    });
  }
}
