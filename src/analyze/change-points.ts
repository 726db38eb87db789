import type { FaultSpan, SecondRow } from '../model/analysis.ts';
import type { AnomalyThresholds } from '../model/config.ts';
import type { FineWindow } from '../model/recovery.ts';
import { median } from '../stats/quantile.ts';
import { leastPoints, noiseOf, type Segment, segmentsOf, type Value } from './segments.ts';
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

/** A change of so many standard errors is told. */
const leastErrors = 6;
/**
 * Lasting changes too small for any threshold: segments of the run's seconds, see `segmentStarts`, at a level above that of
 * the baseline and that of the run itself elsewhere.
 */
export function changePoints(series: Series): FineWindow[] {
  return scales.flatMap((scale) => changesOf(scale, series));
}

function changesOf(scale: Scale, series: Series): FineWindow[] {
  const { seconds, baselineSeconds, windows, thresholds } = series;
  const usual = valuesOf(scale, baselineSeconds);
  if (usual.length < leastPoints) return [];
  const usualLevel = median(usual.map(({ value }) => value));
  const noise = Math.max(
    noiseOf(usual.map(({ value }) => value)),
    scale.leastNoise(median(baselineSeconds.filter(({ due }) => due > 0).map(({ due }) => due))),
  );
  const wandering = Math.max(noise, wanderingOf(usual));
  const segments = segmentsOf(valuesOf(scale, seconds), noise);
  const lowest = Math.min(...segments.map(({ level }) => level));
  const level = Math.max(usualLevel, lowest);
  const least = scale.leastChange(level, thresholds);
  return segments
    .filter((segment) => {
      const above = segment.level - level;
      return above >= least && above >= (leastErrors * wandering) / Math.sqrt(segment.points);
    })
    .filter((segment) => !isTold(segment, windows, scale.toldBy))
    .map((segment) => windowOf(segment, scale, usualLevel, series));
}

const secondsPerBatch = 5;

/**
 * What the mean of n seconds varies by, times √n: where the level wanders, more than a single second does. By batch means
 * (Conway, “Some tactical problems in digital simulation”, 1963).
 */
function wanderingOf(values: readonly Value[]): number {
  const batches = Array.from({ length: Math.floor(values.length / secondsPerBatch) }, (_, batch) =>
    mean(values.slice(batch * secondsPerBatch, (batch + 1) * secondsPerBatch).map(({ value }) => value)),
  );
  if (batches.length < 2) return 0;
  const centre = mean(batches);
  const squares = batches.reduce((sum, batch) => sum + (batch - centre) ** 2, 0);
  return Math.sqrt((secondsPerBatch * squares) / (batches.length - 1));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function windowOf(
  { startSec, endSec, level }: Segment,
  { metric, back }: Scale,
  usualLevel: number,
  { seconds, faults, nodes }: Series,
): FineWindow {
  const lastSec = seconds.findLast(({ counted }) => counted)?.sec ?? 0;
  const attributed = faults.filter((fault) => inForce(fault, startSec - 1, startSec + 1));
  return {
    start_sec: startSec,
    end_sec: endSec,
    ended: endSec <= lastSec,
    cause: 'change_point',
    metric,
    magnitude: back(level),
    baseline: back(usualLevel),
    uncertainty_sec: 2,
    nodes,
    faults: attributed.map(({ id }) => id),
    unattributed: attributed.length === 0,
  };
}

function valuesOf({ of }: Scale, seconds: readonly SecondFigures[]): Value[] {
  return seconds.flatMap((second) => {
    const value = second.counted ? of(second) : null;
    return value === null ? [] : [{ sec: second.sec, value }];
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
