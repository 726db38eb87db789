import { type Moments, ok } from './moments.ts';

/** The longest time without any success. */
export interface Outage {
  readonly startSec: number;
  /** When the first success after it was seen; null where none was. */
  readonly endSec: number | null;
}

/** Fewer requests without success in a row are none, if they are not spread over so many seconds. */
const leastRequests = 5;
const leastSec = 2;
/** How likely it may be that as many in a row are chance. */
const chance = 0.001;
/** Where all that was due came, and only late, a shorter time is their latency. */
const leastLateSec = 1;

export interface OutageQuery {
  /** It begins between these. */
  readonly fromSec: number;
  readonly beforeSec: number;
  /** Until then it is looked for its end. */
  readonly toSec: number;
  /** Which nodes' requests count, by number. */
  readonly isOf: (node: number) => boolean;
  /** A slower success was not seen when it was due, but when it came. */
  readonly slowMs: number;
  /** Whether requests had to come all the time between these, and so none coming is an outage, too. */
  readonly isSilence: (fromSec: number, toSec: number) => boolean;
}

/** Null where there was no such time, or chance makes as long a one of the failures before and after it. */
export function longestOutage(moments: Moments, query: OutageQuery): Outage | null {
  const { fromSec, beforeSec, toSec, isOf, isSilence } = query;
  const stretches = new Stretches(query);
  let lastSec = Number.NaN;
  moments.each(fromSec, toSec, (sec, node, outcome, latencyMs) => {
    if (!isOf(node)) return;
    if (isSilence(lastSec, sec)) stretches.silence(lastSec);
    lastSec = sec;
    stretches.see(sec, outcome, latencyMs, sec < beforeSec);
  });
  stretches.end();
  return stretches.longest;
}

/** Requests in a row without a success, one such row after the other. */
class Stretches {
  readonly #slowMs: number;
  readonly #toSec: number;
  #longest: (Outage & { readonly requests: number; readonly lastedSec: number }) | null = null;
  #startSec = Number.NaN;
  #requests = 0;
  #hasFailed = false;
  /** When the first of the slow successes since came. */
  #cameSec = Number.POSITIVE_INFINITY;
  #seen = 0;
  #without = 0;

  constructor({ slowMs, toSec }: OutageQuery) {
    this.#slowMs = slowMs;
    this.#toSec = toSec;
  }

  get longest(): Outage | null {
    if (this.#longest === null) return null;
    const { startSec, endSec, requests } = this.#longest;
    const others = this.#seen - requests;
    const share = others === 0 ? 0 : (this.#without - requests) / others;
    return others * share ** requests < chance ? { startSec, endSec } : null;
  }

  /** Says that nothing came since. */
  silence(fromSec: number): void {
    if (Number.isNaN(this.#startSec)) this.#startSec = fromSec;
    this.#hasFailed = true;
    this.#requests += leastRequests;
    this.#seen += leastRequests;
    this.#without += leastRequests;
  }

  /** @param mayBegin Whether it may be the first of a stretch. */
  see(sec: number, outcome: number, latencyMs: number, mayBegin: boolean): void {
    if (this.#cameSec <= sec) this.#close(this.#cameSec);
    const isTimely = outcome === ok && !(latencyMs > this.#slowMs);
    if (mayBegin) this.#seen += 1;
    if (isTimely && !Number.isNaN(this.#startSec)) this.#close(Math.min(sec, this.#cameSec));
    if (isTimely) return;
    if (Number.isNaN(this.#startSec)) {
      if (!mayBegin) return;
      this.#startSec = sec;
    }
    if (mayBegin) {
      this.#requests += 1;
      this.#without += 1;
    }
    if (outcome === ok) this.#cameSec = Math.min(this.#cameSec, sec + latencyMs / 1000);
    else this.#hasFailed = true;
  }

  end(): void {
    if (!Number.isNaN(this.#startSec)) this.#close(this.#cameSec <= this.#toSec ? this.#cameSec : null);
  }

  #close(endSec: number | null): void {
    const lastedSec = (endSec ?? this.#toSec) - this.#startSec;
    const requests = this.#requests;
    const isLong = requests >= leastRequests || lastedSec >= leastSec;
    const isOutage = isLong && (this.#hasFailed || lastedSec >= leastLateSec);
    if (isOutage && lastedSec > (this.#longest?.lastedSec ?? 0))
      this.#longest = { startSec: this.#startSec, endSec, requests, lastedSec };
    this.#startSec = Number.NaN;
    this.#requests = 0;
    this.#hasFailed = false;
    this.#cameSec = Number.POSITIVE_INFINITY;
  }
}
