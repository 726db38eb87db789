import { rateAt } from '../model/demand.ts';
import type { Load } from './load.ts';

/** A load that runs. */
export interface Begun {
  readonly load: Load;
  /** When its rate began, in milliseconds of the run. */
  readonly sinceMs: number;
}

/** The arrival rate that is meant at a time of the run, of all open loads together; null while none of them runs. */
export function targetRps(running: Iterable<Begun>, nowMs: number): number | null {
  let rps: number | null = null;
  for (const { load, sinceMs } of running) {
    const one = rateAt(load.demand, nowMs - sinceMs);
    if (one !== null) rps = (rps ?? 0) + one;
  }
  return rps;
}
