import type { Histogram } from '../model/histogram.ts';

/** The grid: from a hundredth of a millisecond to a hundred seconds, evenly in the logarithm. */
const [leastMs, mostMs, points] = [0.01, 1e5, 320];
const stepLog = Math.log(mostMs / leastMs) / (points - 1);
/** Half the width of what a density is taken over, in the logarithm: what is narrower is chance. */
const halfLog = 0.15;
/** Anything may happen: the share of values that are spread evenly in the logarithm. */
export const strayShare = 0.005;

/** How likely each latency is among those of a baseline: a kernel estimate (Parzen 1962) on the logarithm. */
export class LatencyDensity {
  readonly #latencies: Histogram;
  /** Made when it is asked for: most baselines never are. */
  #made: Float64Array | null = null;

  constructor(latencies: Histogram) {
    this.#latencies = latencies;
  }

  /** A millisecond; 0 for no time and less. */
  at(ms: number): number {
    if (ms < leastMs || ms >= mostMs) return 0;
    const place = Math.log(ms / leastMs) / stepLog;
    const below = Math.min(Math.floor(place), points - 2);
    const densities = (this.#made ??= densitiesOf(this.#latencies));
    const [low, high] = [densities[below]!, densities[below + 1]!];
    return low + (high - low) * (place - below);
  }
}

/** At each point of the grid. */
function densitiesOf(latencies: Histogram): Float64Array {
  return Float64Array.from({ length: points }, (_, point) => {
    const ms = leastMs * Math.exp(point * stepLog);
    const [from, to] = [ms * Math.exp(-halfLog), ms * Math.exp(halfLog)];
    const share = (latencies.countUpTo(to) - latencies.countUpTo(from)) / latencies.count;
    return share / (to - from);
  });
}

/** The density of a latency of which nothing is known. */
export function anyDensity(ms: number): number {
  return 1 / (Math.max(ms, leastMs) * Math.log(mostMs / leastMs));
}
