import type { LiveSample } from '../load/live.ts';
import type { StopCondition } from '../model/stop-condition.ts';
import { compare } from '../model/comparison.ts';
import { shown, valueOf } from './metric-book.ts';

/** Holds the stop conditions of a scenario against one live sample a second. */
export class StopRules {
  readonly #conditions: readonly StopCondition[];
  /** For how many seconds on end each condition has held. */
  readonly #heldSec = new Map<StopCondition, number>();

  constructor(conditions: readonly StopCondition[]) {
    this.#conditions = conditions;
  }

  /**
   * Why the run is to be ended, as a clause; null where it may go on. Seconds in which no load runs do not count. A look
   * that comes late, for the machine stood still, counts as one second: what the nodes did meanwhile nobody saw.
   */
  see(sample: LiveSample, isLoaded: boolean): string | null {
    for (const condition of this.#conditions) {
      const value = valueOf(sample, condition.metric);
      // A second of which nothing is known yet, as all requests are still in flight, neither counts nor breaks a row.
      if (isLoaded && value === null) continue;
      const heldSec =
        isLoaded && value !== null && compare(value, condition.comparison, condition.limit)
          ? this.#held(condition) + 1
          : 0;
      this.#heldSec.set(condition, heldSec);
      if (heldSec >= condition.forSec)
        return `${condition.text} (it was ${shown(condition.metric, value ?? 0)})`;
    }
    return null;
  }

  #held(condition: StopCondition): number {
    return this.#heldSec.get(condition) ?? 0;
  }
}
