import { median } from '../stats/quantile.ts';
import { anyDensity, type LatencyDensity, strayShare } from './latency-density.ts';

/** Latencies in the order of time: as usual at first, and longer later on. */
export interface Course {
  readonly secs: readonly number[];
  readonly latenciesMs: readonly number[];
  /** From which request on they are known to be longer. */
  readonly surelyFrom: number;
}

/** What a baseline says of latencies. */
export interface Usual {
  readonly density: LatencyDensity;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

interface Onset {
  /** The number of the first request that is not as usual; that of all where none is. */
  readonly index: number;
  /** The log-likelihood. */
  readonly evidence: number;
}

/** How far the level of latencies wanders by itself, as the standard deviation of its logarithm. */
const wandering = 0.15;
/** What lies between the p50 and the p95 of a normal distribution, in standard deviations. */
const p95Deviations = 1.645;
/** The median of a sample is as many times less exact than its mean. */
const medianDeviations = 1.25;
/** After the change more is odd than before. */
const oddShare = 0.1;
/** What is added is tried at these shares of what it seems to be: a hiccup may be part of that. */
const shares = [0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25];
/** So many beginnings of a slope are tried. */
const beginnings = 80;

/**
 * The number of the first request from which on latencies are longer, by maximum likelihood (D. V. Hinkley 1970, "Inference
 * about the Change-Point in a Sequence of Random Variables"): those before it are distributed as a baseline's, those after it
 * have something added, which is the same for all, or grows evenly from nothing (D. J. Hudson 1966, "Fitting Segmented Curves
 * Whose Join Points Have to Be Estimated").
 */
export function likeliestOnset(course: Course, { density, p50Ms, p95Ms }: Usual): number {
  const { surelyFrom } = course;
  const level = levelOf(course.latenciesMs.slice(0, Math.floor(surelyFrom / 3)), p50Ms, p95Ms);
  const latenciesMs = course.latenciesMs.map((ms) => ms / level);
  /** By index: the evidence of all requests before it, if nothing has changed by then. */
  const before = new Float64Array(latenciesMs.length + 1);
  for (const [index, ms] of latenciesMs.entries())
    before[index + 1] =
      before[index]! + Math.log((1 - strayShare) * density.at(ms) + strayShare * anyDensity(ms));
  const added = (from: number) => Math.max(median(latenciesMs.slice(from)) - p50Ms, 0);
  const after = (ms: number, addedMs: number) =>
    Math.log((1 - oddShare) * density.at(ms - addedMs) + oddShare * anyDensity(ms));

  function likeliestStep(): Onset {
    const seemingMs = added(surelyFrom);
    let best: Onset = { index: latenciesMs.length, evidence: before.at(-1)! };
    for (const share of shares) {
      let evidenceAfter = 0;
      for (let index = latenciesMs.length - 1; index >= 0; index -= 1) {
        evidenceAfter += after(latenciesMs[index]!, seemingMs * share);
        const evidence = before[index]! + evidenceAfter;
        if (evidence > best.evidence) best = { index, evidence };
      }
    }
    return best;
  }

  function likeliestSlope({ secs }: Course): Onset {
    const count = secs.length;
    const last = Math.max(Math.floor((surelyFrom + count) / 2), count >> 1);
    const lateSec = median(secs.slice(last));
    const lateMs = added(last);
    let best: Onset = { index: count, evidence: Number.NEGATIVE_INFINITY };
    const every = Math.max(Math.floor(last / beginnings), 1);
    for (let first = 0; first < last; first += every) {
      const fromSec = secs[first]!;
      for (const share of shares) {
        const msPerSec = (lateMs / (lateSec - fromSec)) * share;
        let evidence = before[first]!;
        for (let index = first; index < count; index += 1)
          evidence += after(latenciesMs[index]!, (secs[index]! - fromSec) * msPerSec);
        if (evidence > best.evidence) best = { index: first, evidence };
      }
    }
    return best;
  }

  const [step, slope] = [likeliestStep(), likeliestSlope(course)];
  return slope.evidence > step.evidence ? slope.index : step.index;
}

/**
 * By how much the level of latencies differs from the baseline's for a while: between what a sample says and that it does not,
 * by how exact either is (shrinkage to a normal prior).
 */
function levelOf(sampleMs: readonly number[], p50Ms: number, p95Ms: number): number {
  if (sampleMs.length === 0) return 1;
  const spread = Math.log(p95Ms / p50Ms) / p95Deviations;
  const inexact = (spread * medianDeviations) ** 2 / sampleMs.length;
  const trust = wandering ** 2 / (wandering ** 2 + inexact);
  return Math.exp(trust * Math.log(median(sampleMs) / p50Ms));
}
