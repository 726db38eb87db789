/**
 * Sums up evidence that observations have changed, and never falls below none: it is at an end with what was before once
 * the sum has reached `alarm`. The change is then put where the sum last left 0.
 * E. S. Page 1954, "Continuous Inspection Schemes". With log-likelihood ratios as scores, at least e^alarm observations lie
 * between two false alarms on average (G. Lorden 1971, "Procedures for Reacting to a Change in Distribution").
 */
export class Cusum {
  /** Where the evidence began: the time of the first observation that is part of it. */
  sinceSec = 0;
  /** The time of the last observation before that. */
  beforeSec = 0;
  /** The most that the sum has been. */
  peak = 0;
  sum = 0;
  /** How many observations the evidence is made of. */
  count = 0;

  /**
   * @param lastSec When the observation before it was.
   * @param score Above 0 where it speaks for a change.
   */
  see(lastSec: number, atSec: number, score: number): void {
    if (this.sum === 0) {
      if (score <= 0) return;
      this.sinceSec = atSec;
      this.beforeSec = lastSec;
      this.count = 0;
    }
    this.count += 1;
    this.sum = Math.max(this.sum + score, 0);
    if (this.sum > this.peak) this.peak = this.sum;
  }

  reset(): void {
    this.sum = 0;
  }
}
