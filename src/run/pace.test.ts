import { expect, it } from 'vitest';
import { PaceWatch, wasBottleneck } from './pace.ts';

const onTime = { lagP50Ms: 0.2, p50LatencyMs: 5 };
const late = { lagP50Ms: 400, p50LatencyMs: 420 };

it('a generator that falls behind is told of when that begins, and counted', () => {
  const pace = new PaceWatch();
  const told = [onTime, late, late, onTime, { lagP50Ms: null, p50LatencyMs: null }, late].map((one) =>
    pace.see(one),
  );
  expect(told.map((text) => text !== null)).toEqual([false, true, false, false, false, true]);
  expect(told[1]).toMatch(/half of the last second’s requests were sent more than 400 ms late/);
  expect(pace.behindSec).toBe(3);
});

it('a lag that hardly shows in the latency is none', () => {
  const pace = new PaceWatch();
  expect(pace.see({ lagP50Ms: 12, p50LatencyMs: 2000 })).toBeNull();
  expect(pace.see({ lagP50Ms: 9, p50LatencyMs: 9.1 })).toBeNull();
});

it('two seconds behind, or half of all requests, make it the bottleneck; one second may be a hiccup', () => {
  const whole = { lagP50Ms: 0.1, latencyP50Ms: 3 };
  expect(wasBottleneck(1, whole)).toBe(false);
  expect(wasBottleneck(2, whole)).toBe(true);
  expect(wasBottleneck(0, { lagP50Ms: 50, latencyP50Ms: 52 })).toBe(true);
  expect(wasBottleneck(0, { lagP50Ms: null, latencyP50Ms: null })).toBe(false);
});
