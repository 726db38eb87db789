import { RunningTally, type Tally, totalOf } from './tally.ts';

/** What happened since the last look, for people who watch. Analyses never read it. */
export interface LiveSample {
  /** Answered requests per second (ok + fail). */
  readonly throughputRps: number;
  /** Requests per second that succeeded. */
  readonly goodputRps: number;
  /** Of the requests whose outcome became known, to within 0.4%; null where there was none. */
  readonly p50LatencyMs: number | null;
  readonly p95LatencyMs: number | null;
  readonly p99LatencyMs: number | null;
  /** 0..1, of the same requests; null where there was none. */
  readonly errorRate: number | null;
  readonly inFlight: number;
  /** All errors (fail + unknown + dropped) and all requests since the run began. */
  readonly totalErrors: number;
  readonly totalDone: number;
  /** The requests that have been due since the run began. */
  readonly totalDue: number;
  /** The same by node and error: since the last look, and since the run began. */
  readonly recent: Tally;
  readonly total: Tally;
}

/** Gathers what became of requests between two looks. */
export class LiveView {
  #recent = new RunningTally();
  readonly #total = new RunningTally();
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** What came since the last look is added here. */
  get recent(): RunningTally {
    return this.#recent;
  }

  /** Sums up what came since the last call, and starts anew. */
  sample(nowMs: number, { inFlight, due }: { readonly inFlight: number; readonly due: number }): LiveSample {
    const seconds = Math.max(nowMs - this.#sinceMs, 1) / 1000;
    const recent = this.#recent;
    this.#recent = new RunningTally();
    this.#sinceMs = nowMs;
    this.#total.merge(recent);
    const { counts, latency } = totalOf(recent);
    const done = counts.ok + counts.fail + counts.unknown + counts.dropped;
    const { counts: all } = totalOf(this.#total);
    const totalErrors = all.fail + all.unknown + all.dropped;
    return {
      throughputRps: (counts.ok + counts.fail) / seconds,
      goodputRps: counts.ok / seconds,
      p50LatencyMs: latency.quantileMs(0.5),
      p95LatencyMs: latency.quantileMs(0.95),
      p99LatencyMs: latency.quantileMs(0.99),
      errorRate: done === 0 ? null : (done - counts.ok) / done,
      inFlight,
      totalErrors,
      totalDone: all.ok + totalErrors,
      totalDue: due,
      recent,
      total: this.#total,
    };
  }
}
