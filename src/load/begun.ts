import { rateAt } from '../model/demand.ts';
import type { Load } from './load.ts';

/** A load that runs. */
export interface Begun {
  readonly load: Load;
  /** When its rate began, in milliseconds of the run. */
  readonly sinceMs: number;
}

/** The arrival rate that is meant at a time of the run, of all open loads together. */
export function targetRps(running: Iterable<Begun>, nowMs: number): number {
  let rps = 0;
  for (const { load, sinceMs } of running) rps += rateAt(load.demand, nowMs - sinceMs) ?? 0;
  return rps;
}
