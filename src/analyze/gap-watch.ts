import { Cusum } from './cusum.ts';
import type { Shift } from './shift-watch.ts';

export interface GapRule {
  /** Requests a second, usually, and when they are too few. */
  readonly usualRps: number;
  readonly lowRps: number;
  /** As in `ShiftRule`. */
  readonly alarm: number;
  readonly holdSec: number;
}

/**
 * Watches the times of requests for stretches in which fewer come than usual, or none: a CUSUM (see `Cusum`) of the gaps
 * between them, as if these were exponential, which errs to the side of silence where they are more even.
 */
export class GapWatch {
  readonly shifts: Shift[] = [];
  readonly #rule: GapRule;
  readonly #onset = new Cusum();
  readonly #back = new Cusum();
  #lastSec = Number.NaN;
  #startSec: number | null = null;

  constructor(rule: GapRule) {
    this.#rule = rule;
  }

  /** The most evidence that there was for a shift, told or not. */
  get peak(): number {
    return this.#onset.peak;
  }

  /** Says that nothing was to come until then. */
  skipTo(atSec: number): void {
    this.#lastSec = atSec;
  }

  see(atSec: number): void {
    const { usualRps, lowRps, alarm, holdSec } = this.#rule;
    const lastSec = Number.isNaN(this.#lastSec) ? atSec : this.#lastSec;
    this.#lastSec = atSec;
    const score = (usualRps - lowRps) * (atSec - lastSec) - Math.log(usualRps / lowRps);
    if (this.#startSec === null) {
      this.#onset.see(lastSec, atSec, score);
      if (this.#onset.sum < alarm) return;
      // The gap that the evidence begins with became odd when the next request should have come.
      this.#startSec = this.#onset.beforeSec + 1 / usualRps;
      this.#back.reset();
      return;
    }
    this.#back.see(lastSec, atSec, -score);
    if (this.#back.sum < alarm || atSec - this.#back.beforeSec < holdSec) return;
    this.#push(this.#back.beforeSec, true);
    this.#onset.reset();
  }

  /** To be called when all was seen. */
  end(): void {
    if (this.#startSec !== null) this.#push(this.#lastSec, false);
  }

  #push(endSec: number, ended: boolean): void {
    this.shifts.push({ startSec: this.#startSec!, endSec, ended, uncertaintySec: 2 / this.#rule.usualRps });
    this.#startSec = null;
  }
}
