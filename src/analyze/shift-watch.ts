import { Cusum } from './cusum.ts';

/** A stretch of the run in which more requests than usual were flagged. */
export interface Shift {
  /** When the first request of it was due, and the first after it. */
  readonly startSec: number;
  readonly endSec: number;
  /** False where the run was over before it was as usual for long enough; then it ends with the last request that was not. */
  readonly ended: boolean;
  /** How far the requests lie apart at its start and at its end, together. */
  readonly uncertaintySec: number;
}

export interface ShiftRule {
  /** The share of requests that is usually flagged, and the least share that is told: 0 < usual < shifted < 1. */
  readonly usual: number;
  readonly shifted: number;
  /** How much evidence it takes, as a log-likelihood ratio: see `Cusum`. */
  readonly alarm: number;
  /** How long it has to be as usual before a shift is over. */
  readonly holdSec: number;
}

/** The other shares that are tried: with a share near the true one a shift is found soon, and its beginning exactly. */
const furtherShares = [0.35, 0.9];
const mostShare = 0.98;

/**
 * Watches flags, one for each request in the order of time, for stretches in which more of them are set than usual. It
 * begins and ends where a CUSUM (see `Cusum`) says, of which some run side by side, each for another share; the one with
 * the most evidence counts (a generalized likelihood ratio, Lorden 1971).
 */
export class ShiftWatch {
  readonly shifts: Shift[] = [];
  readonly #rule: ShiftRule;
  readonly #shares: readonly number[];
  readonly #onsets: readonly Cusum[];
  readonly #scores: readonly (readonly [clear: number, flagged: number])[];
  readonly #back = new Cusum();
  /** Whether any of `onsets` is not at 0. */
  #hasEvidence = false;
  #lastSec = Number.NaN;
  /** The beginning of the shift that goes on; null outside of one. */
  #onset: { readonly startSec: number; readonly gapSec: number } | null = null;
  /** Requests of the shift so far, and those of them that speak for its end together. */
  #seen = 0;
  #flagged = 0;
  #tailSeen = 0;
  #tailFlagged = 0;
  /** Scores of what speaks for the end of the shift, by the share of it so far. */
  #clearScore = 0;
  #flaggedScore = 0;

  constructor(rule: ShiftRule) {
    this.#rule = rule;
    this.#shares = [rule.shifted, ...furtherShares.filter((share) => share > rule.shifted)];
    this.#onsets = this.#shares.map(() => new Cusum());
    this.#scores = this.#shares.map((share) => [
      Math.log((1 - share) / (1 - rule.usual)),
      Math.log(share / rule.usual),
    ]);
  }

  /** The most evidence that there was for a shift, told or not. */
  get peak(): number {
    return Math.max(...this.#onsets.map(({ peak }) => peak));
  }

  see(atSec: number, isFlagged: boolean): void {
    const lastSec = Number.isNaN(this.#lastSec) ? atSec : this.#lastSec;
    this.#lastSec = atSec;
    if (this.#onset === null) this.#lookForOnset(lastSec, atSec, isFlagged);
    else this.#lookForEnd(lastSec, atSec, isFlagged);
  }

  /** To be called when all was seen. */
  end(): void {
    if (this.#onset === null) return;
    const { startSec, gapSec } = this.#onset;
    const endSec = this.#back.sum > 0 ? this.#back.sinceSec : this.#lastSec;
    this.shifts.push({ startSec, endSec, ended: false, uncertaintySec: gapSec });
    this.#onset = null;
  }

  #lookForOnset(lastSec: number, atSec: number, isFlagged: boolean): void {
    // Most requests are as usual, and so were those before.
    if (!isFlagged && !this.#hasEvidence) return;
    let most: Cusum | null = null;
    this.#hasEvidence = false;
    for (let index = 0; index < this.#onsets.length; index += 1) {
      const onset = this.#onsets[index]!;
      onset.see(lastSec, atSec, this.#scores[index]![isFlagged ? 1 : 0]);
      if (onset.sum > 0) this.#hasEvidence = true;
      if (onset.sum >= this.#rule.alarm && onset.sum > (most?.sum ?? 0)) most = onset;
    }
    if (most === null) return;
    const [clear, flagged] = this.#scores[this.#onsets.indexOf(most)]!;
    this.#onset = { startSec: most.sinceSec, gapSec: most.sinceSec - most.beforeSec };
    this.#seen = most.count;
    // The sum has not been 0 meanwhile, so that it is made of these two scores alone.
    this.#flagged = (most.sum - most.count * clear) / (flagged - clear);
    this.#learn();
  }

  #lookForEnd(lastSec: number, atSec: number, isFlagged: boolean): void {
    const back = this.#back;
    back.see(lastSec, atSec, isFlagged ? this.#flaggedScore : this.#clearScore);
    this.#seen += 1;
    this.#tailSeen += 1;
    if (isFlagged) this.#flagged += 1;
    if (isFlagged) this.#tailFlagged += 1;
    if (back.sum === 0) this.#learn();
    if (back.sum < this.#rule.alarm || atSec - back.sinceSec < this.#rule.holdSec) return;
    // Better than before is not as usual.
    if (this.#tailFlagged >= this.#tailSeen * this.#rule.shifted) {
      this.#learn();
      return;
    }
    const { startSec, gapSec } = this.#onset!;
    const uncertaintySec = gapSec + back.sinceSec - back.beforeSec;
    this.shifts.push({ startSec, endSec: back.sinceSec, ended: true, uncertaintySec });
    this.#onset = null;
    for (const onset of this.#onsets) onset.reset();
  }

  /** Takes all that was seen since it began for the shift's own. */
  #learn(): void {
    const { usual, shifted } = this.#rule;
    const inside = Math.min(Math.max(this.#flagged / this.#seen, shifted), mostShare);
    this.#clearScore = Math.log((1 - usual) / (1 - inside));
    this.#flaggedScore = Math.log(usual / inside);
    this.#back.reset();
    this.#tailSeen = 0;
    this.#tailFlagged = 0;
  }
}
