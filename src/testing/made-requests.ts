import type { FaultSpan } from '../model/analysis.ts';
import { configSchema } from '../model/config.ts';
import type { Outcome } from '../model/record.ts';
import { type FineVerdict, fineVerdict, measureOf } from '../analyze/fine-verdict.ts';
import type { Judgeable } from '../analyze/judgeable.ts';
import type { SecondFigures } from '../analyze/change-points.ts';
import { Moments, ok } from '../analyze/moments.ts';
import { median } from '../stats/quantile.ts';
import { MetricsTable } from '../store/metrics-reader-table.ts';

/** What is done to requests due from `fromSec` to `toSec`. */
export interface Trouble {
  readonly fromSec: number;
  readonly toSec: number;
  /** Only to those of this node. */
  readonly node?: string;
  /** Which share of them fails, 0..1, and how. */
  readonly share?: number;
  readonly outcome?: Outcome;
  readonly addMs?: number;
  readonly factor?: number;
  /** Nothing is answered before `toSec`. */
  readonly stalls?: boolean;
}

export interface MadeRun {
  readonly rps?: number;
  readonly durationSec?: number;
  readonly nodes?: readonly string[];
  readonly seed: number;
  readonly medianMs?: number;
  /** Of the logarithm: 0.6 makes a p99 of four medians. */
  readonly spread?: number;
  /** Hiccups a second, of the whole machine, each 0.15 s long on average, exponentially: all that is due waits for their end. */
  readonly hiccups?: number;
  readonly troubles?: readonly Trouble[];
}

const warmupSec = 2;
const failMs = 1;
const timeoutMs = 5000;

/** mulberry32: good enough to make up requests, and the same every time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Requests as they are on a real machine, in compressed time: evenly due, at nodes drawn at random; latencies with a heavy
 * tail, a level that wanders (an autoregressive process with a memory of seconds), and hiccups that many of them share.
 */
export function madeRun(shape: MadeRun): Judgeable {
  const { rps = 50, durationSec = 60, nodes = ['a', 'b', 'c'], seed, medianMs = 20, spread = 0.6 } = shape;
  const random = seeded(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const table = new MetricsTable(0, true);
  const numbers = nodes.map((node) => table.nodeNames.numberOfText(node));
  const phase = table.phaseNames.numberOfText('');
  const memory = Math.exp(-1 / (rps * 4));
  let level = 0;
  let busyUntilSec = 0;
  for (let index = 0; index < rps * durationSec; index += 1) {
    const sec = index / rps;
    level = level * memory + 0.1 * Math.sqrt(1 - memory ** 2) * normal();
    if (random() < (shape.hiccups ?? 0.1) / rps) busyUntilSec = sec - 0.15 * Math.log(1 - random());
    const node = Math.floor(random() * nodes.length);
    let latencyMs = medianMs * Math.exp(level + spread * normal()) + Math.max(busyUntilSec - sec, 0) * 1000;
    let outcome: Outcome = 'ok';
    for (const trouble of shape.troubles ?? []) {
      if (sec < trouble.fromSec || sec >= trouble.toSec) continue;
      if (trouble.node !== undefined && trouble.node !== nodes[node]) continue;
      latencyMs = latencyMs * (trouble.factor ?? 1) + (trouble.addMs ?? 0);
      if (trouble.stalls === true) latencyMs += (trouble.toSec - sec) * 1000;
      if (random() < (trouble.share ?? 0)) {
        outcome = trouble.outcome ?? 'fail';
        latencyMs = outcome === 'unknown' ? timeoutMs : failMs;
      }
    }
    table.add(startSec + sec, latencyMs, numbers[node]!, phase, outcome);
  }
  const moments = new Moments(table);
  return { moments, fromSec: warmupSec, toSec: durationSec, steady: null };
}

const startSec = 1_700_000_000;

/** Judges one made run by another. */
export function judgeMade(
  baseline: Judgeable,
  run: Judgeable,
  faults: readonly FaultSpan[] = [],
): FineVerdict {
  const thresholds = configSchema.parse({}).anomaly_detection;
  const touched = new Map(faults.map(({ id, node }) => [id, [node]]));
  const measure = measureOf(baseline, run.moments.nodes, touched, thresholds);
  return fineVerdict({ measure, run, faults, touched, thresholds, sloPct: 99.9 });
}

/** The seconds of a made run, as far as change points are looked for in them. */
export function secondsOf({ moments, fromSec, toSec }: Judgeable): SecondFigures[] {
  const made = Array.from({ length: Math.ceil(toSec) }, () => ({
    due: 0,
    failed: 0,
    latencies: [] as number[],
  }));
  moments.each(0, toSec, (sec, _, outcome, latencyMs) => {
    const second = made[Math.floor(sec)]!;
    second.due += 1;
    if (outcome !== ok) second.failed += 1;
    second.latencies.push(latencyMs);
  });
  return made.map(({ due, failed, latencies }, sec) => ({
    sec,
    due,
    error_rate: failed / due,
    p50_latency_ms: median(latencies),
    counted: sec >= fromSec,
  }));
}
