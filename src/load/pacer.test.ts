import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

describe('Pacer', () => {
  it('makes exactly rps × seconds requests due, the first at the start, none at the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5 }), (rps, seconds) => {
        const pacer = new Pacer({ rps, fromMs: 1000, untilMs: 1000 + seconds * 1000 });
        const times: number[] = [];
        while (pacer.nextMs !== Number.POSITIVE_INFINITY) times.push(pacer.take());
        expect(times.length).toBe(rps * seconds);
        expect(times[0]).toBe(1000);
        expect(times.at(-1)).toBeLessThan(1000 + seconds * 1000);
      }),
      { numRuns: 50 },
    );
  });

  it('does not drift: the millionth request is due to the microsecond', () => {
    const pacer = new Pacer({ rps: 3000, fromMs: 0, untilMs: Number.POSITIVE_INFINITY });
    for (let n = 0; n < 1_000_000; n += 1) pacer.take();
    expect(pacer.nextMs).toBeCloseTo(1_000_000_000 / 3000, 6);
  });
});
