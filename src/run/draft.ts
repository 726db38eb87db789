import { OrchError } from '../model/errors.ts';
import type { Entry } from './agenda.ts';
import { phaseAt, type PlannedPhase } from '../model/phase.ts';
import type { Order, Step } from './plan.ts';

/** A plan in the making: its steps, and what is wrong with it or probably not meant, each with its place. */
export class Draft {
  readonly steps: Step[] = [];
  readonly mistakes: string[] = [];
  readonly warnings: string[] = [];
  #phases: readonly PlannedPhase[] = [];
  #at: Pick<Entry, 'atMs' | 'place'> & { readonly lane?: Step['lane'] } = { atMs: 0, place: '' };

  /** What is being seen to: everything that follows belongs there. */
  get at(): Pick<Entry, 'atMs' | 'place'> & { readonly lane?: Step['lane'] } {
    return this.#at;
  }

  get phase(): string {
    return phaseAt(this.#phases, this.#at.atMs);
  }

  turnTo({ atMs, place, lane, what }: Entry, phases: readonly PlannedPhase[]): void {
    const part = what.type === 'expire' ? 'end' : 'begin';
    this.#phases = phases;
    this.#at = { atMs, place, ...(lane === undefined ? {} : { lane: { ...lane, part } }) };
  }

  order(order: Order, phase = this.phase): void {
    const { atMs, lane } = this.#at;
    this.steps.push({ atMs, phase, order, ...(lane === undefined ? {} : { lane }) });
  }

  mistake(message: string, place = this.#at.place): void {
    this.mistakes.push(`${place}: ${message}`);
  }

  warn(message: string): void {
    this.warnings.push(`${this.#at.place}: ${message}`);
  }

  /** @throws OrchError `plan-invalid` where there are mistakes, with all of them */
  check(name: string): void {
    const details = this.mistakes;
    if (details.length === 0) return;
    const count = details.length === 1 ? '1 mistake' : `${details.length} mistakes`;
    throw new OrchError('plan-invalid', `scenario ${name} cannot be carried out: ${count}`, { details });
  }
}
