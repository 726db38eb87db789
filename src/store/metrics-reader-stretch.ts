import type { MetricsTable } from './metrics-reader-table.ts';

/** Rows of one phase, one after the other, whose times are told to the table together. */
export class Stretch {
  readonly #table: MetricsTable;
  #phase = -1;
  #rows = 0;
  #firstSec = 0;
  #firstNs = 0;
  #lastSec = 0;
  #lastNs = 0;
  /** Not 0 where any time has a fraction. */
  #fractions = 0;

  constructor(table: MetricsTable) {
    this.#table = table;
  }

  see(phase: number, sec: number, ns: number): void {
    if (phase !== this.#phase) {
      this.end();
      this.#phase = phase;
      this.#firstSec = sec;
      this.#firstNs = ns;
      this.#lastSec = sec;
      this.#lastNs = ns;
      this.#fractions = 0;
    }
    this.#rows += 1;
    this.#fractions |= ns;
    if (sec < this.#firstSec || (sec === this.#firstSec && ns < this.#firstNs)) {
      this.#firstSec = sec;
      this.#firstNs = ns;
    }
    if (sec > this.#lastSec || (sec === this.#lastSec && ns > this.#lastNs)) {
      this.#lastSec = sec;
      this.#lastNs = ns;
    }
  }

  end(): void {
    if (this.#rows > 0) {
      const firstSec = this.#firstSec + this.#firstNs / 1e9;
      const lastSec = this.#lastSec + this.#lastNs / 1e9;
      this.#table.extend(this.#phase, this.#rows, firstSec, lastSec, this.#fractions === 0);
    }
    this.#rows = 0;
    this.#phase = -1;
  }
}
