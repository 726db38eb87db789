import type { Counts } from '../model/analysis.ts';
import { scheduleLag } from './lag.ts';
import type { LoopDelay, ScheduleLag } from '../model/manifest.ts';
import { Histogram } from '../model/histogram.ts';
import { RunningTally, type Tally, totalOf, withDue } from './tally.ts';

/** What happened since the last look, for people who watch. Analyses never read it. */
export interface LiveSample {
  /** Answered requests per second (ok + fail). */
  readonly throughputRps: number;
  /** Requests per second that were due, of open and closed loads: what came of them is held against this, not against one moment's rate. */
  readonly dueRps: number;
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
  /** How late requests were sent (due → sent) since the last look; null where none was sent. */
  readonly lagP50Ms: number | null;
  readonly lagP99Ms: number | null;
  /** The same by node and error: since the last look, and since the run began. */
  readonly recent: Tally;
  readonly total: Tally;
}

/** What requests came to since the last harvest, and how things stand. */
export interface Harvest {
  /** When that was, in milliseconds of the run. */
  readonly atMs: number;
  /** The requests that have been due since the run began. */
  readonly due: number;
  readonly inFlight: number;
  /** The most there were in flight since the run began. */
  readonly inFlightMost: number;
  /** Of the thread; null where it is not known. */
  readonly loopDelay: LoopDelay | null;
  readonly recent: RunningTally;
  /** How late requests were sent. */
  readonly lag: Histogram;
}

/** What became of a run's load. */
export interface LoadReport {
  /** How many requests became due, as it made them: whatever became of their records. */
  readonly due: number;
  /** What became of them, as it saw their outcomes. */
  readonly counts: Counts;
  /** How often each error came. */
  readonly errors: ReadonlyMap<string, number>;
  readonly lag: ScheduleLag | null;
  /** Of all requests that were sent, from when they were due; null where none was. */
  readonly latencyP50Ms: number | null;
  /** The most requests that were in flight; of several threads, each one's most added up. */
  readonly inFlightMost: number;
  /** Of the thread that was latest; null where it is not known. */
  readonly loopDelay: LoopDelay | null;
}

/** Sums up harvests for people, and all of them since the run began. */
export class LiveView {
  readonly total = new RunningTally();
  readonly lag = new Histogram();
  #sinceMs: number;
  #dueBefore = 0;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  sample({ atMs, due, inFlight, recent, lag }: Harvest): LiveSample {
    const seconds = Math.max(atMs - this.#sinceMs, 1) / 1000;
    const dueRps = (due - this.#dueBefore) / seconds;
    this.#sinceMs = atMs;
    this.#dueBefore = due;
    this.total.merge(recent);
    this.lag.merge(lag);
    const { counts, latency } = totalOf(recent);
    const done = counts.ok + counts.fail + counts.unknown + counts.dropped;
    const { counts: all } = totalOf(this.total);
    const totalErrors = all.fail + all.unknown + all.dropped;
    return {
      throughputRps: (counts.ok + counts.fail) / seconds,
      dueRps,
      goodputRps: counts.ok / seconds,
      p50LatencyMs: latency.quantileMs(0.5),
      p95LatencyMs: latency.quantileMs(0.95),
      p99LatencyMs: latency.quantileMs(0.99),
      errorRate: done === 0 ? null : (done - counts.ok) / done,
      inFlight,
      totalErrors,
      totalDone: all.ok + totalErrors,
      totalDue: due,
      lagP50Ms: lag.quantileMs(0.5),
      lagP99Ms: lag.quantileMs(0.99),
      recent,
      total: this.total,
    };
  }

  /** Of the whole run, when nothing comes any more. */
  report({ due, inFlightMost, loopDelay }: Harvest): LoadReport {
    const { counts, latency } = totalOf(this.total);
    const lag = scheduleLag(this.lag);
    const latencyP50Ms = latency.quantileMs(0.5);
    const { errors } = this.total;
    return { due, counts: withDue(counts), errors, lag, latencyP50Ms, inFlightMost, loopDelay };
  }
}
