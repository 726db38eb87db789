/**
 * The schedule of an open model with a constant arrival rate: request n is due at `fromMs + n × 1000 / rps`,
 * whatever the nodes do. Pure: it knows no clock. Times are computed from n, so that they do not drift.
 */
export class Pacer {
  readonly #fromMs: number;
  readonly #untilMs: number;
  readonly #rps: number;
  #taken = 0;

  /** Nothing is due at or after `untilMs`. */
  constructor(schedule: { readonly rps: number; readonly fromMs: number; readonly untilMs: number }) {
    this.#rps = schedule.rps;
    this.#fromMs = schedule.fromMs;
    this.#untilMs = schedule.untilMs;
  }

  /** When the next request is due; Infinity when the schedule has ended. */
  get nextMs(): number {
    const dueMs = this.#fromMs + (this.#taken * 1000) / this.#rps;
    return dueMs < this.#untilMs ? dueMs : Number.POSITIVE_INFINITY;
  }

  /** Takes the next request off the schedule and says when it was due. */
  take(): number {
    const dueMs = this.nextMs;
    this.#taken += 1;
    return dueMs;
  }
}
