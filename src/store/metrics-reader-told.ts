import { outcomes } from '../model/record.ts';
import { Names } from './metrics-reader-names.ts';
import { outcomeOf } from './metrics-reader-outcome.ts';
import type { RowRules } from './metrics-reader-row.ts';
import type { MetricsTable } from './metrics-reader-table.ts';

const maxErrors = 4096;

/** What files do not say in columns of their own, told from others; and remembered, as it takes a string to find out. */
export class Told {
  readonly #rules: RowRules;
  readonly #table: MetricsTable;
  readonly #errors = new Names(maxErrors);
  /** By the number of an error: the number of its outcome. */
  readonly #outcomes: number[] = [];
  #phase = '';
  #phaseNumber = -1;

  constructor(rules: RowRules, table: MetricsTable) {
    this.#rules = rules;
    this.#table = table;
  }

  /** The number of the outcome that a row’s error tells; −1 where that takes its status, too. */
  outcomeOf(bytes: Buffer, view: DataView, start: number, end: number): number {
    const number = this.#errors.numberOf(view, start, end);
    const known = this.#outcomes[number];
    if (known !== undefined) return known;
    const text = bytes.toString('utf8', start, end);
    const outcome = outcomeOf(text, 200);
    const found = outcome === outcomeOf(text, 500) ? outcomes.indexOf(outcome) : -1;
    if (number < maxErrors) this.#outcomes[number] = found;
    return found;
  }

  /** The number of the phase that went on at a time. */
  phaseAt(sec: number, ns: number): number {
    const phase = this.#rules.phaseAt?.(sec + ns / 1e9) ?? '';
    if (phase !== this.#phase || this.#phaseNumber < 0) {
      this.#phase = phase;
      this.#phaseNumber = this.#table.phaseNames.numberOfText(phase);
    }
    return this.#phaseNumber;
  }
}
