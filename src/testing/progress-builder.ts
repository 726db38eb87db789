import { LiveView } from '../load/live.ts';
import { RunningTally } from '../load/tally.ts';
import { Histogram } from '../model/histogram.ts';
import type { Outcome } from '../model/record.ts';
import type { Progress } from '../run/observer.ts';

/** So many requests to a node that came to the same, each after `latencyMs`. */
export interface ToldRequests {
  readonly node: string;
  readonly count: number;
  readonly outcome?: Outcome;
  readonly error?: string;
  readonly latencyMs?: number;
}

/** What is told of a run second by second, where each second has the requests that are given. */
export class ToldRun {
  readonly #live = new LiveView(0);
  #seq = 0;

  progress(runMs: number, requests: readonly ToldRequests[], inFlight = 0): Progress {
    const recent = new RunningTally();
    for (const { node, count, outcome = 'ok', error = '', latencyMs = 1 } of requests)
      for (let nth = 0; nth < count; nth += 1) {
        const times = { scheduledMs: 0, sentMs: 0, doneMs: latencyMs };
        const what = { phase: 'failure', node, op: 'GET /', outcome, status: 0, error };
        recent.add({ seq: (this.#seq += 1), ...times, ...what });
      }
    return {
      phase: 'failure',
      phaseLeftMs: 1000,
      runMs,
      runLeftMs: 1000,
      targetRps: 50,
      live: this.#live.sample({
        atMs: runMs,
        due: this.#seq + inFlight,
        inFlight,
        inFlightMost: inFlight,
        loopDelay: null,
        recent,
        lag: new Histogram(),
      }),
      broken: [],
    };
  }
}

/** A second of fifty requests that were all well. */
export function progressOf(runMs: number): Progress {
  return new ToldRun().progress(runMs, [{ node: 'api', count: 50 }]);
}
