import type { Clock } from '../clock/clock.ts';
import type { Config } from '../model/config.ts';
import type { PlannedPhase } from '../model/phase.ts';
import type { MetricsWriter } from '../store/metrics-writer.ts';
import type { LiveSample, LoadReport } from './live.ts';
import type { Load } from './load.ts';

/**
 * What makes the load of a run: an agent in the thread that asks, or a fleet of threads. Everything counts from a time of
 * the run, so that it does not matter when it comes to be known.
 */
export interface LoadGenerator {
  /** The arrival rate that is meant now, of all open loads together; null while none of them runs. */
  readonly targetRps: number | null;
  /**
   * Starts a load, or changes it, as of `fromMs` of the run. The schedule of one that was changed goes on from the last
   * request due, without a gap or a burst.
   */
  set(load: Load, fromMs: number): void;
  /** Nothing of a load is due any more, as of a time of the run; default: now. Requests in flight go on. */
  stop(name: string, atMs?: number): void;
  /**
   * What is about to be set or stopped, in place of what was foreseen before. It comes to pass at its time, so that no
   * request is sent by a schedule that has just ended; setting or stopping the load before then forgets it.
   */
  foresee(changes: readonly LoadChange[]): void;
  /** Resolves when no request is in flight. Bounded by the request timeout that every target keeps to. */
  drain(): Promise<void>;
  sample(): LiveSample;
  readonly report: GeneratorReport;
}

export interface LoadChange {
  /** In milliseconds of the run. */
  readonly atMs: number;
  readonly name: string;
  /** Null where it is stopped. */
  readonly load: Load | null;
}

/** What a generator knows of itself when it has ended. */
export interface GeneratorReport extends LoadReport {
  /** How many threads of its own it has. */
  readonly workers: number;
}

/** What a generator has to know of a run. */
export interface LoadContext {
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  /** The same as Unix time in milliseconds. */
  readonly startWallMs: number;
  /** When the run's last phase ends, in milliseconds since the start: nothing is due from then on. */
  readonly untilMs: number;
  readonly phases: readonly PlannedPhase[];
  readonly seed: number;
  readonly settings: Pick<Config['load'], 'max_in_flight' | 'timeout_sec' | 'spread'>;
  /** Where the rows go. */
  readonly metrics: MetricsWriter;
  /** Told once, of what keeps it from going on. */
  readonly onLost: (error: Error) => void;
}

export type StartLoad = (context: LoadContext) => LoadGenerator;
