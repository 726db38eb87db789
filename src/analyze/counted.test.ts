import { expect, test } from 'vitest';
import { completeSeconds } from './counted.ts';
import type { Figures } from './figures.ts';

function secondsOf(...due: number[]): Figures[] {
  return due.map((count) => ({
    counts: { due: count, ok: count, fail: 0, unknown: 0, dropped: 0 },
    latency: null,
  }));
}

function spanOf(firstSec: number, lastSec: number) {
  return { rows: 100, firstSec, lastSec, wholeSeconds: false };
}

// At 50 requests a second the gap is 0.02 s: two of them may be missing from a second.
test.each([
  ['begins and ends with its seconds', 100.0, 103.98, [true, true, true, true]],
  ['begins two gaps late and ends two gaps early', 100.04, 103.96, [true, true, true, true]],
  ['begins three gaps late', 100.06, 103.98, [false, true, true, true]],
  ['ends three gaps early', 100.0, 103.94, [true, true, true, false]],
])('without events: a run that %s', (_, first, last, expected) => {
  expect(completeSeconds(secondsOf(48, 50, 50, 48), spanOf(first, last), null)).toEqual(expected);
});

test('without events a silent second within the run is complete', () => {
  expect(completeSeconds(secondsOf(50, 0, 50), spanOf(100, 102.98), null)).toEqual([true, true, true]);
});

test.each([
  ['holds as many requests as the others', [50, 50, 50, 50], [true, true, true, true]],
  ['is one short, as a pace of 49.6 a second makes it', [49, 50, 50, 49], [true, true, true, true]],
  ['holds less at its ends', [48, 50, 50, 20], [false, true, true, false]],
  ['holds less at its ends, at a trickle', [1, 3, 3, 2], [false, true, true, true]],
  ['holds less within', [50, 20, 0, 50, 50], [true, true, true, true, true]],
])('with timestamps in whole seconds: a run that %s', (_, due, expected) => {
  const span = { rows: 100, firstSec: 100, lastSec: 99 + due.length, wholeSeconds: true };
  expect(completeSeconds(secondsOf(...due), span, null)).toEqual(expected);
});

test('with events, only seconds that load covers wholly are complete', () => {
  const loads = [
    { start_sec: 0.5, end_sec: 2.3 },
    { start_sec: 4.01, end_sec: 5.5 },
    { start_sec: 5.5, end_sec: 7.1 },
  ];
  // 0 and 2 in part, 3 not at all, 4 but for 10 ms, 5 by two loads together, 6 wholly, 7 in part.
  expect(completeSeconds(secondsOf(25, 50, 15, 0, 50, 50, 50, 5), spanOf(100.5, 107.08), loads)).toEqual([
    false,
    true,
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});
