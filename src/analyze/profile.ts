import type { AnomalyThresholds } from '../model/config.ts';
import { Histogram } from '../model/histogram.ts';
import { LatencyDensity } from './latency-density.ts';
import { isAnswered, ok } from './moments.ts';

/** How some requests of a baseline are, and from where on those of a run are not so. */
export interface Profile {
  readonly dueRps: number;
  readonly answeredRps: number;
  /** 0..1 */
  readonly errorRate: number;
  /** Of successes; null where there were too few to say. */
  readonly latency: LatencyProfile | null;
}

export interface LatencyProfile {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly density: LatencyDensity;
  /** Slower successes are slow. */
  readonly slowMs: number;
  /** The share of the baseline's own successes that are slow. */
  readonly slowShare: number;
  /** The latencies that half of the successes, and all but one in twenty, must not exceed; and how many may. */
  readonly median: Band;
  readonly tail: Band;
}

export interface Band {
  readonly limitMs: number;
  /** The share of the baseline’s successes that would exceed it if all of them took half as much more time as a shift is. */
  readonly usualShare: number;
}

/** A level wanders by as much of what is told as a shift, without being one. */
const wandering = 0.5;
/** Fewer successes tell nothing of the latencies to be expected. */
const leastSuccesses = 50;

/** Requests of a baseline, counted. */
export class ProfileTally {
  #due = 0;
  #ok = 0;
  #answered = 0;
  readonly #latencies = new Histogram();

  see(outcome: number, latencyMs: number): void {
    this.#due += 1;
    if (isAnswered(outcome)) this.#answered += 1;
    if (outcome !== ok) return;
    this.#ok += 1;
    if (!Number.isNaN(latencyMs)) this.#latencies.add(latencyMs);
  }

  /** Null where there was no request. */
  profile(durationSec: number, thresholds: AnomalyThresholds): Profile | null {
    if (this.#due === 0) return null;
    return {
      dueRps: this.#due / durationSec,
      answeredRps: this.#answered / durationSec,
      errorRate: 1 - this.#ok / this.#due,
      latency: this.#latencyProfile(thresholds),
    };
  }

  #latencyProfile({
    latency_shift_threshold: ratio,
    latency_shift_min_ms: leastMs,
  }: AnomalyThresholds): LatencyProfile | null {
    const latencies = this.#latencies;
    if (latencies.count < leastSuccesses) return null;
    const shareAbove = (ms: number) => 1 - latencies.countUpTo(ms) / latencies.count;
    const band = (ms: number): Band => {
      const shiftMs = Math.max(ms * ratio, leastMs);
      const limitMs = ms + shiftMs;
      return { limitMs, usualShare: shareAbove((limitMs * ms) / (ms + shiftMs * wandering)) };
    };
    const [p50Ms, p95Ms, slowMs] = [0.5, 0.95, 0.99].map((share) => latencies.quantileMs(share)!);
    return {
      p50Ms: p50Ms!,
      p95Ms: p95Ms!,
      density: new LatencyDensity(latencies),
      slowMs: slowMs!,
      slowShare: shareAbove(slowMs!),
      median: band(p50Ms!),
      tail: band(p95Ms!),
    };
  }
}
