/** Below that rate, hardly anything is later without it. */
const leastRps = 2_000;

/** Of a run that comes to that arrival rate. Users of a closed load are late for nothing. */
export function isWorthRehearsing(peakRps: number): boolean {
  return peakRps >= leastRps;
}
