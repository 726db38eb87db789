import { expect, test } from 'vitest';
import { durationSec } from './duration.ts';

test.each([
  ['500 rows at 50 a second', { rows: 500, firstSec: 1_700_000_000.25, lastSec: 1_700_000_010.23 }, 10],
  ['two rows half a second apart', { rows: 2, firstSec: 10.25, lastSec: 10.75 }, 1],
  ['rows all at one time', { rows: 5, firstSec: 10.5, lastSec: 10.5 }, 1],
  ['one row', { rows: 1, firstSec: 10.5, lastSec: 10.5 }, 1],
])('%s', (_, span, expected) => {
  expect(durationSec({ ...span, wholeSeconds: false })).toBe(expected);
});

test('whole seconds are counted, first and last included', () => {
  expect(durationSec({ rows: 100, firstSec: 1000, lastSec: 1009, wholeSeconds: true })).toBe(10);
  expect(durationSec({ rows: 1, firstSec: 1000, lastSec: 1000, wholeSeconds: true })).toBe(1);
});
