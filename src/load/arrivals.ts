import type { Rate } from '../model/demand.ts';

/** How many requests a rate makes due, and when. Pure; times are milliseconds since the rate began, counts have fractions. */
export interface Arrivals {
  /** How many are due by a time: the integral of the rate. */
  readonly countBy: (ms: number) => number;
  /** The inverse: when so many have become due; Infinity where it never comes to so many. */
  readonly timeOf: (count: number) => number;
}

export function arrivalsOf(rate: Rate): Arrivals {
  switch (rate.shape) {
    case 'constant':
      return constant(rate.rps);
    case 'ramp':
      return ramp(rate.fromRps / 1000, rate.toRps / 1000, rate.overMs);
    case 'steps':
      return steps(rate.rps, rate.everyMs);
    case 'sine':
      return sine(rate.meanRps / 1000, rate.amplitudeRps / 1000, rate.periodMs);
  }
}

function constant(rps: number): Arrivals {
  return {
    countBy: (ms) => (ms * rps) / 1000,
    timeOf: (count) => (count * 1000) / rps,
  };
}

/** N(t) = from·t + slope·t²/2 while it ramps; the root is taken in the form that loses no digits where the slope is small. */
function ramp(fromPerMs: number, toPerMs: number, overMs: number): Arrivals {
  const slope = (toPerMs - fromPerMs) / overMs;
  const inRamp = ((fromPerMs + toPerMs) / 2) * overMs;
  return {
    countBy: (ms) =>
      ms < overMs ? fromPerMs * ms + (slope * ms * ms) / 2 : inRamp + toPerMs * (ms - overMs),
    timeOf(count) {
      if (count === 0) return 0;
      if (count <= inRamp) {
        const root = Math.sqrt(Math.max(fromPerMs ** 2 + 2 * slope * count, 0));
        return (2 * count) / (fromPerMs + root);
      }
      return toPerMs === 0 ? Number.POSITIVE_INFINITY : overMs + (count - inRamp) / toPerMs;
    },
  };
}

/** The last rate goes on. */
function steps(rps: readonly number[], everyMs: number): Arrivals {
  const last = rps.length - 1;
  return {
    countBy(ms) {
      const step = Math.min(Math.floor(ms / everyMs), last);
      const before = rps.slice(0, step).reduce((sum, rate) => sum + (rate * everyMs) / 1000, 0);
      return before + ((rps[step] ?? 0) * (ms - step * everyMs)) / 1000;
    },
    timeOf(count) {
      let left = count;
      for (const [step, rate] of rps.entries()) {
        const inStep = step === last ? Number.POSITIVE_INFINITY : (rate * everyMs) / 1000;
        if (left < inStep && rate > 0) return step * everyMs + (left * 1000) / rate;
        left -= inStep;
      }
      return Number.POSITIVE_INFINITY;
    },
  };
}

/** N(t) = mean·t + amplitude·period/2π·(1 − cos(2πt/period)) never falls, so that halving an interval finds the time. */
function sine(meanPerMs: number, amplitudePerMs: number, periodMs: number): Arrivals {
  const swing = (amplitudePerMs * periodMs) / (2 * Math.PI);
  const countBy = (ms: number) => meanPerMs * ms + swing * (1 - Math.cos((2 * Math.PI * ms) / periodMs));
  return {
    countBy,
    timeOf(count) {
      // The swing adds between nothing and twice its size.
      let low = Math.max((count - 2 * swing) / meanPerMs, 0);
      let high = count / meanPerMs;
      while (high - low > 1e-6) {
        const middle = (low + high) / 2;
        // Where a double has no number between the two, this is as near as it gets.
        if (middle <= low || middle >= high) break;
        if (countBy(middle) < count) low = middle;
        else high = middle;
      }
      return high;
    },
  };
}
