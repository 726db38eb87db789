import type { FaultSpan, SecondRow } from '../model/analysis.ts';
import type { AnomalyThresholds } from '../model/config.ts';
import type { FineWindow } from '../model/recovery.ts';
import { segmentStarts } from './pelt.ts';
import { median } from './quantile.ts';
import { inForce } from './windows.ts';

export type SecondFigures = Pick<SecondRow, 'sec' | 'due' | 'error_rate' | 'p50_latency_ms' | 'counted'>;

export interface Series {
  readonly seconds: readonly SecondFigures[];
  readonly baselineSeconds: readonly SecondFigures[];
  readonly faults: readonly FaultSpan[];
  readonly nodes: readonly string[];
  /** What was found in single requests: a change that one of these tells is not told again. */
  readonly windows: readonly FineWindow[];
  readonly thresholds: AnomalyThresholds;
}

/** A metric of each second, on a scale on which its changes are alike. */
interface Scale {
  readonly metric: 'p50_latency_ms' | 'error_rate';
  readonly of: (second: SecondFigures) => number | null;
  readonly back: (value: number) => number;
  /** The least that a second varies by: an estimate from a baseline may be too low. */
  readonly leastNoise: (due: number) => number;
  /** The least change that is told, from a level up. */
  readonly leastChange: (level: number, thresholds: AnomalyThresholds) => number;
  /** Windows that tell of it better. */
  readonly toldBy: readonly FineWindow['cause'][];
}

const scales: readonly Scale[] = [
  {
    metric: 'p50_latency_ms',
    of: ({ p50_latency_ms: ms }) => (ms === null || ms <= 0 ? null : Math.log(ms)),
    back: Math.exp,
    leastNoise: () => 0.02,
    // Half of what is a shift by itself.
    leastChange: (level, { latency_shift_threshold: ratio, latency_shift_min_ms: ms }) =>
      Math.log(1 + Math.max(ratio / 2, ms / Math.exp(level))),
    toldBy: ['latency'],
  },
  {
    metric: 'error_rate',
    of: ({ due, error_rate: rate }) => (due === 0 ? null : rate),
    back: (rate) => rate,
    leastNoise: (due) => Math.sqrt((0.01 * 0.99) / due),
    leastChange: (_, { error_rate_threshold: threshold }) => threshold / 5,
    toldBy: ['error_rate', 'throughput'],
  },
];

const leastSec = 10;
/** A change of so many standard errors is told. */
const leastErrors = 6;
/** Further off a second does not count for more, in standard deviations. */
const mostDeviation = 3;
/** A longer series is made as short, by medians. */
const mostPoints = 2000;

/** A stretch of a series at one level. */
interface Segment {
  readonly startSec: number;
  readonly endSec: number;
  readonly points: number;
  readonly level: number;
}

/**
 * Lasting changes too small for any threshold: segments of the run's seconds, see `segmentStarts`, at a level above that of
 * the baseline and that of the run itself elsewhere.
 */
export function changePoints(series: Series): FineWindow[] {
  return scales.flatMap((scale) => changesOf(scale, series));
}

function changesOf(scale: Scale, series: Series): FineWindow[] {
  const { seconds, baselineSeconds, faults, nodes, windows, thresholds } = series;
  const usual = valuesOf(scale, baselineSeconds);
  if (usual.length < leastSec) return [];
  const usualLevel = median(usual.map(({ value }) => value));
  const noise = Math.max(
    noiseOf(usual.map(({ value }) => value)),
    scale.leastNoise(median(baselineSeconds.filter(({ due }) => due > 0).map(({ due }) => due))),
  );
  const segments = segmentsOf(valuesOf(scale, seconds), noise);
  const lowest = Math.min(...segments.map(({ level }) => level));
  const level = Math.max(usualLevel, lowest);
  const least = scale.leastChange(level, thresholds);
  return segments
    .filter((segment) => {
      const above = segment.level - level;
      return above >= least && above >= (leastErrors * noise) / Math.sqrt(segment.points);
    })
    .filter((segment) => !isTold(segment, windows, scale.toldBy))
    .map(({ startSec, endSec, level: reached }) => ({
      start_sec: startSec,
      end_sec: endSec,
      ended: endSec <= (seconds.findLast(({ counted }) => counted)?.sec ?? 0),
      cause: 'change_point',
      metric: scale.metric,
      magnitude: scale.back(reached),
      baseline: scale.back(usualLevel),
      uncertainty_sec: 2,
      nodes,
      faults: faults.filter((fault) => inForce(fault, startSec - 1, startSec + 1)).map(({ id }) => id),
    }));
}

interface Value {
  readonly sec: number;
  readonly value: number;
}

function valuesOf({ of }: Scale, seconds: readonly SecondFigures[]): Value[] {
  return seconds.flatMap((second) => {
    const value = second.counted ? of(second) : null;
    return value === null ? [] : [{ sec: second.sec, value }];
  });
}

function segmentsOf(values: readonly Value[], noise: number): Segment[] {
  const perPoint = Math.max(Math.ceil(values.length / mostPoints), 1);
  const points = Array.from({ length: Math.floor(values.length / perPoint) }, (_, index) => {
    const own = values.slice(index * perPoint, (index + 1) * perPoint);
    return { sec: own[0]!.sec, value: median(own.map(({ value }) => value)) };
  });
  if (points.length < leastSec) return [];
  // No single second, however odd, makes a segment.
  const middle = median(points.map(({ value }) => value));
  const scaled = points.map(({ value }) =>
    Math.min(Math.max((value - middle) / noise, -mostDeviation), mostDeviation),
  );
  const starts = segmentStarts(scaled, 4 * Math.log(points.length), leastSec);
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? points.length;
    const own = points.slice(start, end);
    return {
      startSec: own[0]!.sec,
      endSec: points[end]?.sec ?? values.at(-1)!.sec + 1,
      points: own.length,
      level: median(own.map(({ value }) => value)),
    };
  });
}

/** Whether windows of these causes cover most of it. */
function isTold(
  { startSec, endSec }: Segment,
  windows: readonly FineWindow[],
  causes: readonly FineWindow['cause'][],
): boolean {
  const covered = windows
    .filter(({ cause }) => causes.includes(cause))
    .reduce(
      (sum, { start_sec, end_sec }) =>
        sum + Math.max(Math.min(end_sec, endSec) - Math.max(start_sec, startSec), 0),
      0,
    );
  return covered * 2 > endSec - startSec;
}

/**
 * The standard deviation of a mean of such values, times the root of their number: that of single ones by the median
 * absolute deviation, and more where each is like the one before (of first order: (1 + ρ) / (1 − ρ)).
 */
function noiseOf(values: readonly number[]): number {
  const middle = median(values);
  const off = values.map((value) => value - middle);
  const deviation = 1.4826 * median(off.map(Math.abs));
  const square = off.reduce((sum, value) => sum + value * value, 0);
  const product = off.reduce((sum, value, index) => sum + value * (off[index - 1] ?? 0), 0);
  const likeness = square === 0 ? 0 : Math.min(Math.max(product / square, 0), 0.8);
  return deviation * Math.sqrt((1 + likeness) / (1 - likeness));
}
