import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakRate, type Rate, rateAt } from '../model/demand.ts';
import { arrivalsOf } from './arrivals.ts';

const rps = fc.double({ min: 0.5, max: 5000, noNaN: true });
const rpsOrNone = fc.oneof(fc.constant(0), rps);
const ms = fc.double({ min: 10, max: 600_000, noNaN: true });
const rates: fc.Arbitrary<Rate> = fc.oneof(
  fc.record({ shape: fc.constant('constant' as const), rps }),
  fc
    .record({ shape: fc.constant('ramp' as const), fromRps: rpsOrNone, toRps: rpsOrNone, overMs: ms })
    .filter(({ fromRps, toRps }) => fromRps + toRps > 0),
  fc
    .record({
      shape: fc.constant('steps' as const),
      rps: fc.array(rpsOrNone, { minLength: 1, maxLength: 5 }),
      everyMs: ms,
    })
    .filter((steps) => steps.rps.some((one) => one > 0)),
  fc
    .record({ shape: fc.constant('sine' as const), meanRps: rps, amplitudeRps: rps, periodMs: ms })
    .filter(({ meanRps, amplitudeRps }) => amplitudeRps <= meanRps),
);

/** The integral of a rate by the midpoint rule. */
function integral(rate: Rate, untilMs: number): number {
  const slices = 20_000;
  let count = 0;
  for (let slice = 0; slice < slices; slice += 1)
    count += rateAt({ model: 'open', rate, arrivals: 'uniform' }, ((slice + 0.5) * untilMs) / slices)!;
  return (count * untilMs) / slices / 1000;
}

describe('the arrivals of a rate', () => {
  it('are by any time what the rate adds up to', () => {
    fc.assert(
      fc.property(rates, ms, (rate, untilMs) => {
        const peak = peakRate({ model: 'open', rate, arrivals: 'uniform' })!;
        const error = Math.abs(arrivalsOf(rate).countBy(untilMs) - integral(rate, untilMs));
        // Where a step falls into a slice, the rule itself is wrong by as much.
        expect(error).toBeLessThanOrEqual((peak * untilMs) / 1000 / 2000 + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  it('come at the times at which there are so many, in order', () => {
    fc.assert(
      fc.property(rates, fc.double({ min: 0.001, max: 100_000, noNaN: true }), (rate, count) => {
        const { timeOf, countBy } = arrivalsOf(rate);
        const atMs = timeOf(count);
        expect(timeOf(0)).toBeLessThanOrEqual(atMs);
        if (atMs !== Number.POSITIVE_INFINITY)
          expect(Math.abs(countBy(atMs) - count)).toBeLessThanOrEqual(1e-3 + count * 1e-9);
        expect(timeOf(count * 1.01)).toBeGreaterThanOrEqual(atMs);
      }),
      { numRuns: 500 },
    );
  });

  it('come to an end where the rate falls to nothing', () => {
    const { timeOf } = arrivalsOf({ shape: 'ramp', fromRps: 10, toRps: 0, overMs: 10_000 });
    expect(timeOf(49.99)).toBeLessThan(10_000);
    expect(timeOf(50.01)).toBe(Number.POSITIVE_INFINITY);
  });

  it('are none while a step is 0', () => {
    const { timeOf } = arrivalsOf({ shape: 'steps', rps: [0, 10, 0, 10], everyMs: 1000 });
    expect([0, 1, 9, 10, 11].map(timeOf)).toEqual([1000, 1100, 1900, 3000, 3100]);
  });
});
