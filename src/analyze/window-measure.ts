import { Histogram } from '../model/histogram.ts';
import type { FineWindow } from '../model/recovery.ts';
import { isAnswered, ok } from './moments.ts';
import type { Profile } from './profile.ts';
import type { Judgeable } from './judgeable.ts';

/** How requests were in a part of a run. */
export interface Measured {
  readonly due: number;
  readonly ok: number;
  readonly answered: number;
  /** Of successes. */
  readonly latencies: Histogram;
}

/** @param node The number of the node whose requests are measured; null: all. */
export function measure(
  { moments }: Judgeable,
  fromSec: number,
  toSec: number,
  node: number | null,
): Measured {
  const counts = { due: 0, ok: 0, answered: 0 };
  const latencies = new Histogram();
  moments.each(fromSec, toSec, (_, of, outcome, latencyMs) => {
    if (node !== null && of !== node) return;
    counts.due += 1;
    if (isAnswered(outcome)) counts.answered += 1;
    if (outcome !== ok) return;
    counts.ok += 1;
    if (!Number.isNaN(latencyMs)) latencies.add(latencyMs);
  });
  return { ...counts, latencies };
}

type Telling = Pick<FineWindow, 'cause' | 'metric' | 'magnitude' | 'baseline'>;

/** Where most requests had no answer, or did not come, throughput fell; else it is errors that tell. */
export function outageTelling(
  { due, ok: succeeded, answered }: Measured,
  profile: Profile,
  lastedSec: number,
  { isGap, floorShare }: { readonly isGap: boolean; readonly floorShare: number },
): Telling {
  const magnitude = lastedSec > 0 ? answered / lastedSec : null;
  // More load than in the baseline may be answered in part, and still more than the baseline's.
  const fell = answered < due * floorShare && (magnitude ?? 0) < profile.answeredRps;
  if (isGap || fell) {
    return { cause: 'throughput', metric: 'throughput_rps', magnitude, baseline: profile.answeredRps };
  }
  const errorRate = due > 0 ? 1 - succeeded / due : null;
  return { cause: 'error_rate', metric: 'error_rate', magnitude: errorRate, baseline: profile.errorRate };
}

/** The median tells where it has shifted, else the p95. */
export function latencyTelling({ latencies }: Measured, profile: Profile, hasMedian: boolean): Telling {
  const [metric, share, baseline] = hasMedian
    ? (['p50_latency_ms', 0.5, profile.latency?.p50Ms] as const)
    : (['p95_latency_ms', 0.95, profile.latency?.p95Ms] as const);
  return { cause: 'latency', metric, magnitude: latencies.quantileMs(share), baseline: baseline ?? null };
}
