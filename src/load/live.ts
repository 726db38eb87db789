import type { RequestRecord } from '../model/record.ts';

/** What happened since the last look, for people who watch. Analyses never read it. */
export interface LiveSample {
  /** Answered requests per second (ok + fail). */
  readonly throughputRps: number;
  /** Requests per second that succeeded. */
  readonly goodputRps: number;
  /** Of the requests whose outcome became known; null where there was none. */
  readonly p50LatencyMs: number | null;
  readonly p95LatencyMs: number | null;
  readonly p99LatencyMs: number | null;
  /** 0..1, of the same requests; null where there was none. */
  readonly errorRate: number | null;
  readonly inFlight: number;
  /** All errors (fail + unknown + dropped) and all requests since the run began. */
  readonly totalErrors: number;
  readonly totalDone: number;
}

/** Gathers records between two looks. */
export class LiveView {
  #latenciesMs: number[] = [];
  #answered = 0;
  #done = 0;
  #errors = 0;
  #totalDone = 0;
  #totalErrors = 0;
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  add(record: RequestRecord): void {
    this.#done += 1;
    if (record.outcome === 'ok' || record.outcome === 'fail') this.#answered += 1;
    if (record.outcome !== 'ok') this.#errors += 1;
    if (record.outcome !== 'dropped') this.#latenciesMs.push(record.doneMs - record.scheduledMs);
  }

  /** Sums up what came since the last call, and starts anew. */
  sample(nowMs: number, inFlight: number): LiveSample {
    const seconds = Math.max(nowMs - this.#sinceMs, 1) / 1000;
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    this.#totalDone += this.#done;
    this.#totalErrors += this.#errors;
    const sample: LiveSample = {
      throughputRps: this.#answered / seconds,
      goodputRps: (this.#done - this.#errors) / seconds,
      p50LatencyMs: nearestRank(sorted, 0.5),
      p95LatencyMs: nearestRank(sorted, 0.95),
      p99LatencyMs: nearestRank(sorted, 0.99),
      errorRate: this.#done === 0 ? null : this.#errors / this.#done,
      inFlight,
      totalErrors: this.#totalErrors,
      totalDone: this.#totalDone,
    };
    this.#latenciesMs = [];
    this.#answered = 0;
    this.#done = 0;
    this.#errors = 0;
    this.#sinceMs = nowMs;
    return sample;
  }
}

function nearestRank(sorted: Float64Array, share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
