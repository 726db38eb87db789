import { faults } from '../fault/box.ts';
import type { FaultState, RunEvent } from '../model/event.ts';
import { type FaultKind, isDisturbing } from '../model/fault-spec.ts';

/** A fault that was seen to take effect, and not seen to be undone since. */
export interface FaultInForce {
  readonly id: string;
  readonly kind: FaultKind;
  readonly node: string;
  /** `killed`, `slowed by 100 ms`. */
  readonly participle: string;
  /** When it was seen to take effect, in milliseconds since the run's start. */
  readonly sinceMs: number;
  /** Whether its undo was asked for. */
  readonly isEnding: boolean;
}

const ends: ReadonlySet<FaultState> = new Set(['undone', 'verified', 'superseded']);

/** For those who watch a run: which faults are in force, by its events. */
export class FaultsInForce {
  readonly #participles = new Map<string, string>();
  readonly #faults = new Map<string, FaultInForce>();

  see(event: RunEvent): void {
    if (event.type !== 'fault') return;
    const { id, kind, node, state, spec, run_ms: runMs } = event;
    if (spec !== undefined) this.#participles.set(id, faults[kind].participle(spec));
    const known = this.#faults.get(id);
    if (state === 'effective') {
      const participle = this.#participles.get(id) ?? kind;
      this.#faults.set(id, { id, kind, node, participle, sinceMs: runMs, isEnding: false });
    } else if (ends.has(state)) this.#faults.delete(id);
    else if (known !== undefined) this.#faults.set(id, { ...known, isEnding: state === 'undo_requested' });
  }

  /** The one that began first comes first. */
  get list(): readonly FaultInForce[] {
    return [...this.#faults.values()];
  }

  /** Whether one of them has taken the node down, or made it stand still. */
  takesDown(node: string): boolean {
    return this.list.some((fault) => fault.node === node && !isDisturbing(fault.kind));
  }
}
