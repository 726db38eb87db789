import type { Config } from '../model/config.ts';

/** Evenly spaced requests a second that one thread sends in time, with some to spare for what else the machine does. */
export const rpsOfThread = 8_000;

/**
 * How many threads make a run's load; 0 means the thread that keeps its clock.
 * @param peakRps The highest arrival rate that it comes to.
 */
export function threadCount(
  { workers, max_in_flight: most }: Config['load'],
  peakRps: number,
  cpus: number,
): number {
  // A thread that may have no request in flight would be of no use.
  if (workers !== 'auto') return Math.min(workers, most);
  return Math.max(Math.min(Math.ceil(peakRps / rpsOfThread), cpus, most), 1);
}
