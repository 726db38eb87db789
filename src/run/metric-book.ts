import { compare } from '../model/comparison.ts';
import type { LiveSample } from '../load/live.ts';
import type { MetricCondition, StopMetric } from '../model/stop-condition.ts';

/** The live metrics of the last seconds, against which conditions are held. */
export class MetricBook {
  /** The last sample of each second in which load ran and something was known; null for one in which none ran. */
  readonly #samples: (LiveSample | null)[] = [];
  readonly #keep: number;

  /** @param longestSec For how many seconds on end a condition may have to hold. */
  constructor(longestSec: number) {
    this.#keep = Math.max(Math.ceil(longestSec), 1);
  }

  /** Takes one sample a second. */
  see(sample: LiveSample, isLoaded: boolean): void {
    this.#samples.push(isLoaded ? sample : null);
    if (this.#samples.length > this.#keep) this.#samples.shift();
  }

  /** Whether a condition can be judged now: since load runs, it has failed, or there was time enough for it to hold. */
  isKnown({ metric, comparison, limit, forSec }: MetricCondition): boolean {
    const values = this.#samples
      .slice(this.#samples.lastIndexOf(null) + 1)
      .flatMap((sample) => (sample === null ? [] : [valueOf(sample, metric)]));
    const first = values.findIndex((value) => value !== null);
    if (first === -1) return false;
    const known = values.slice(first);
    return (
      known.length >= Math.ceil(forSec) ||
      known.some((value) => value === null || !compare(value, comparison, limit))
    );
  }

  /** Whether a condition holds now, and has for as long as it says. Where nothing is known, it does not. */
  judge({ metric, comparison, limit, forSec }: MetricCondition): { holds: boolean; evidence: string } {
    const seconds = Math.ceil(forSec);
    const values = this.#samples.slice(-seconds).map((sample) => sample && valueOf(sample, metric));
    const last = values.at(-1);
    if (last === undefined || last === null)
      return { holds: false, evidence: `nothing is known of ${metric}: no load runs` };
    const held =
      values.length -
      1 -
      values.findLastIndex((value) => value === null || !compare(value, comparison, limit));
    const evidence = `${metric} is ${shown(metric, last)}`;
    if (held >= seconds) return { holds: true, evidence };
    return {
      holds: false,
      evidence: held === 0 || seconds === 1 ? evidence : `${evidence}, so for ${held} s`,
    };
  }
}

/** A metric of a sample; null where nothing is known of it. */
export function valueOf(sample: LiveSample, metric: StopMetric): number | null {
  switch (metric) {
    case 'error_rate':
      return sample.errorRate;
    case 'throughput_rps':
      return sample.throughputRps;
    case 'goodput_rps':
      return sample.goodputRps;
    case 'p50_latency_ms':
      return sample.p50LatencyMs;
    case 'p95_latency_ms':
      return sample.p95LatencyMs;
    case 'p99_latency_ms':
      return sample.p99LatencyMs;
  }
}

export function shown(metric: StopMetric, value: number): string {
  return metric === 'error_rate' ? `${(value * 100).toFixed(1)}%` : value.toFixed(1);
}
