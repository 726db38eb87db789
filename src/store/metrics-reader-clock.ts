/** Rows may be as much out of order before a clock is doubted: tools write within a second what they have. */
const slackUs = 1e6;
/** As long a silence is worth a line. */
const leapUs = 10e6;

/** What the timestamps of a file say of the clock that made them. */
export interface ClockReport {
  /** How often they went back, by how much at most, and at which line first; null where they never did. */
  readonly back: { readonly times: number; readonly mostSec: number; readonly line: number } | null;
  /** The longest time, over ten seconds, in which nothing was due and nothing in flight, and the line after it. */
  readonly leap: { readonly sec: number; readonly line: number } | null;
}

/** What another thread saw, for `ClockWatch.absorb`. */
export interface ClockParts extends ClockReport {
  readonly firstDueUs: number;
  readonly firstLine: number;
  readonly leastDoneUs: number;
  readonly lastDueUs: number;
  readonly lastDoneUs: number;
  readonly leapFromUs: number;
}

/**
 * Tells a clock that was set while a file was written from rows that are merely out of order, as far as that can be told:
 * tools write a row when a request is due, or when it is answered, or both within a second. A row whose request was
 * answered a second before another one in front of it was even due fits neither; nor does a time without any request, due
 * or in flight, in the midst of a file.
 */
export class ClockWatch {
  #firstDueUs = Number.NaN;
  #firstLine = 0;
  #leastDoneUs = Number.POSITIVE_INFINITY;
  #lastDueUs = Number.NEGATIVE_INFINITY;
  #lastDoneUs = Number.NEGATIVE_INFINITY;
  #backTimes = 0;
  #backMostUs = 0;
  #backLine = 0;
  #leapUs = leapUs;
  #leapFromUs = 0;
  #leapLine = 0;

  /**
   * Sees a row that was due at so many whole seconds and microseconds: two small numbers, as a fraction would be made an
   * object at each call. `latencyUs` is −1 where there is none.
   */
  see(sec: number, us: number, latencyUs: number, line: number): void {
    const dueUs = sec * 1e6 + us;
    const doneUs = latencyUs > 0 ? dueUs + latencyUs : dueUs;
    if (doneUs < this.#leastDoneUs) this.#leastDoneUs = doneUs;
    if (doneUs < this.#lastDueUs - slackUs) this.#goBack(dueUs, doneUs, line);
    else if (dueUs > this.#lastDoneUs + this.#leapUs) this.#leap(dueUs, line);
    if (dueUs > this.#lastDueUs) this.#lastDueUs = dueUs;
    if (doneUs > this.#lastDoneUs) this.#lastDoneUs = doneUs;
  }

  get report(): ClockReport {
    const back = { times: this.#backTimes, mostSec: this.#backMostUs / 1e6, line: this.#backLine };
    const leap = { sec: this.#leapUs / 1e6, line: this.#leapLine };
    return { back: back.times === 0 ? null : back, leap: leap.line === 0 ? null : leap };
  }

  get parts(): ClockParts {
    return {
      ...this.report,
      firstDueUs: this.#firstDueUs,
      firstLine: this.#firstLine,
      leastDoneUs: this.#leastDoneUs,
      lastDueUs: this.#lastDueUs,
      lastDoneUs: this.#lastDoneUs,
      leapFromUs: this.#leapFromUs,
    };
  }

  /** Whether the rows that follow would have been seen as they were, had these rows been seen before them. */
  wouldSeeSame(next: ClockParts): boolean {
    if (next.leastDoneUs < this.#lastDueUs - slackUs) return false;
    return next.leap === null || next.leapFromUs >= this.#lastDoneUs;
  }

  /** Takes over what was seen of the rows that follow, in lines that were counted from `linesBefore` on. */
  absorb(next: ClockParts, linesBefore: number): void {
    if (Number.isNaN(next.firstDueUs)) return;
    if (next.firstDueUs > this.#lastDoneUs + this.#leapUs) {
      this.#leap(next.firstDueUs, next.firstLine + linesBefore);
    }
    if (next.leap !== null && next.leap.sec * 1e6 > this.#leapUs) {
      this.#leapUs = next.leap.sec * 1e6;
      this.#leapFromUs = next.leapFromUs;
      this.#leapLine = next.leap.line + linesBefore;
    }
    if (next.back !== null) {
      if (this.#backTimes === 0) this.#backLine = next.back.line + linesBefore;
      this.#backTimes += next.back.times;
      this.#backMostUs = Math.max(this.#backMostUs, next.back.mostSec * 1e6);
    }
  }

  #goBack(dueUs: number, doneUs: number, line: number): void {
    if (this.#backTimes === 0) this.#backLine = line;
    this.#backTimes += 1;
    this.#backMostUs = Math.max(this.#backMostUs, this.#lastDueUs - doneUs);
    this.#lastDueUs = dueUs;
    this.#lastDoneUs = doneUs;
  }

  #leap(dueUs: number, line: number): void {
    // The first row has nothing to leap from.
    if (this.#lastDoneUs === Number.NEGATIVE_INFINITY) {
      this.#firstDueUs = dueUs;
      this.#firstLine = line;
      return;
    }
    this.#leapUs = dueUs - this.#lastDoneUs;
    this.#leapFromUs = this.#lastDoneUs;
    this.#leapLine = line;
  }
}
