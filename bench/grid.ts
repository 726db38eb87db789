/** How far requests arrived from where a constant rate would have them, in milliseconds. */
export interface Deviation {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  /** Of the requests that should have arrived, how many did: 1 for all. */
  readonly arrived: number;
}

/** The first second, in which connections are made and code becomes warm, does not count. */
const warmUpSec = 1;

/**
 * Request n of a constant rate is due n / rate after the first; from outside requests look alike, so it is the nth to
 * arrive. When the first was due, nobody outside knows; but no tool sends a request before it is due, so the grid is laid
 * such that the earliest against it is exactly in time. Only where all arrived is that right: after one that was left out,
 * the others count as later than they were.
 */
export function deviation(arrivalsMs: Float64Array, rps: number, sec: number): Deviation {
  const late = arrivalsMs
    .toSorted()
    .map((ms, n) => ms - (n * 1000) / rps)
    .subarray(Math.round(warmUpSec * rps))
    .toSorted();
  const origin = late[0] ?? Number.NaN;
  const percentile = (share: number) => (late[Math.ceil(late.length * share) - 1] ?? Number.NaN) - origin;
  return {
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    p999Ms: percentile(0.999),
    arrived: arrivalsMs.length / (rps * sec),
  };
}
