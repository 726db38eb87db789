import { expect, it } from 'vitest';
import { PaceWatch, wasBehind } from './pace.ts';

const recent = { errors: new Map<string, number>() };
const onTime = { lagP50Ms: 0.2, p50LatencyMs: 5, recent };
const late = { lagP50Ms: 400, p50LatencyMs: 420, recent };

it('a generator that falls behind is told of when that begins, and counted', () => {
  const pace = new PaceWatch();
  const told = [onTime, late, late, onTime, { lagP50Ms: null, p50LatencyMs: null, recent }, late].map((one) =>
    pace.see(one),
  );
  expect(told.map(({ length }) => length > 0)).toEqual([false, true, false, false, false, true]);
  expect(told[1]?.join()).toMatch(/half of the last second’s requests were sent more than 400 ms late/);
  expect(pace.behindSec).toBe(3);
});

it('a lag that hardly shows in the latency is none', () => {
  const pace = new PaceWatch();
  expect(pace.see({ lagP50Ms: 12, p50LatencyMs: 2000, recent })).toEqual([]);
  expect(pace.see({ lagP50Ms: 9, p50LatencyMs: 9.1, recent })).toEqual([]);
});

it('two seconds behind, or half of all requests, are too many; one second may be a hiccup', () => {
  const whole = { lagP50Ms: 0.1, latencyP50Ms: 3 };
  expect(wasBehind(1, whole)).toBe(false);
  expect(wasBehind(2, whole)).toBe(true);
  expect(wasBehind(0, { lagP50Ms: 50, latencyP50Ms: 52 })).toBe(true);
  expect(wasBehind(0, { lagP50Ms: null, latencyP50Ms: null })).toBe(false);
});

it('what this machine runs out of is told once, and is not held against the nodes', () => {
  const pace = new PaceWatch();
  const short = {
    ...onTime,
    recent: {
      errors: new Map([
        ['EMFILE', 2],
        ['ECONNREFUSED', 7],
        ['EADDRNOTAVAIL', 1],
      ]),
    },
  };
  expect([onTime, short, short].map((one) => pace.see(one))).toEqual([
    [],
    [
      'this machine runs out of open files of one process (ulimit -n) (EMFILE), and of local ports (EADDRNOTAVAIL): that is not the nodes’ doing',
    ],
    [],
  ]);
});
