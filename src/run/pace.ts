import type { GeneratorReport } from '../load/generator.ts';
import type { LiveSample } from '../load/live.ts';
import { exhaustionNote, exhaustionOf } from '../model/exhaustion.ts';
import type { GeneratorFacts } from '../model/manifest.ts';

/** A request that is sent no later than this is on time for whoever judges whole seconds and milliseconds of latency. */
const onTimeMs = 10;
/** A lag of less than this share of the latency hardly shows in it. */
const hiddenShare = 0.1;
/** One second may be a hiccup of the machine. */
const bottleneckSec = 2;

/**
 * Whether the generator, not the nodes, set the pace: half of the requests were sent more than 10 ms after they were due,
 * and more than a tenth of the median latency, of which that is a part. The median is what tells: a hiccup delays some
 * requests of a second, a generator that cannot keep up delays all of them, more and more.
 */
export function isBehind(lagP50Ms: number | null, latencyP50Ms: number | null): boolean {
  return lagP50Ms !== null && lagP50Ms > onTimeMs && lagP50Ms > (latencyP50Ms ?? 0) * hiddenShare;
}

/** What is looked at of a live sample. */
export type PaceSample = Pick<LiveSample, 'lagP50Ms' | 'p50LatencyMs'> & {
  readonly recent: Pick<LiveSample['recent'], 'errors'>;
};

/** Watches by one live sample a second whether the generator keeps up. */
export class PaceWatch {
  #behindSec = 0;
  #wasBehind = false;
  #wasExhausted = false;

  /** In how many seconds it was behind. */
  get behindSec(): number {
    return this.#behindSec;
  }

  /** Returns what is to be told, as clauses, where it falls behind with this sample, or something has run out. */
  see(sample: PaceSample): readonly string[] {
    return [this.#seeLag(sample), this.#seeErrors(sample)].filter((text) => text !== null);
  }

  #seeLag({ lagP50Ms, p50LatencyMs }: PaceSample): string | null {
    const behind = isBehind(lagP50Ms, p50LatencyMs);
    const begins = behind && !this.#wasBehind;
    this.#wasBehind = behind;
    if (behind) this.#behindSec += 1;
    if (!begins) return null;
    return `the generator does not keep up: half of the last second’s requests were sent more than ${Math.floor(lagP50Ms ?? 0)} ms late`;
  }

  #seeErrors({ recent }: PaceSample): string | null {
    const text = exhaustionNote(recent.errors);
    if (text === null || this.#wasExhausted) return null;
    this.#wasExhausted = true;
    return `${text}: that is not the nodes’ doing`;
  }
}

/** Whether the generator did not keep its schedule, in a run as a whole or for more than a hiccup. */
export function wasBehind(
  behindSec: number,
  whole: { readonly lagP50Ms: number | null; readonly latencyP50Ms: number | null },
): boolean {
  return behindSec >= bottleneckSec || isBehind(whole.lagP50Ms, whole.latencyP50Ms);
}

/** What a run’s manifest says of what made its load. */
export function generatorFacts(report: GeneratorReport, behindSec: number): GeneratorFacts {
  const { workers, loopDelay, inFlightMost, counts, errors, lag, latencyP50Ms } = report;
  const exhausted = exhaustionOf(errors);
  const late = wasBehind(behindSec, { lagP50Ms: lag?.p50_ms ?? null, latencyP50Ms });
  return {
    workers,
    event_loop_delay: loopDelay,
    in_flight_max: inFlightMost,
    dropped: counts.dropped,
    exhausted,
    behind_sec: behindSec,
    bottleneck: late || Object.keys(exhausted).length > 0,
  };
}
