import { expect, test } from 'vitest';
import { seeded } from '../testing/made-requests.ts';
import { GapWatch } from './gap-watch.ts';
import { ShiftWatch } from './shift-watch.ts';

const rule = { usual: 0.01, shifted: 0.1, alarm: 17, holdSec: 1 };

/** `rps` requests a second for `durationSec`, of which those are flagged that `isFlagged` says. */
function watch(rps: number, durationSec: number, isFlagged: (sec: number, index: number) => boolean) {
  const made = new ShiftWatch(rule);
  for (let index = 0; index < rps * durationSec; index += 1)
    made.see(index / rps, isFlagged(index / rps, index));
  made.end();
  return made.shifts;
}

test('a shift begins with the first flagged request, and ends with the first clear one', () => {
  const [shift, ...others] = watch(50, 60, (sec) => sec >= 20 && sec < 22);
  expect(others).toEqual([]);
  expect(shift).toMatchObject({ startSec: 20, endSec: 22, ended: true });
  expect(shift?.uncertaintySec).toBeCloseTo(0.04, 9);
});

test('single flags, as many as are usual or twice as many, are none', () => {
  expect(watch(50, 600, (_, index) => index % 50 === 0)).toEqual([]);
});

test('where one of three is flagged it lasts as long as that goes on', () => {
  const random = seeded(1);
  const shifts = watch(50, 120, (sec) => sec >= 20 && sec < 100 && random() < 1 / 3);
  expect(shifts).toHaveLength(1);
  expect(Math.abs(shifts[0]!.startSec - 20)).toBeLessThan(0.5);
  expect(Math.abs(shifts[0]!.endSec - 100)).toBeLessThan(0.5);
});

test('less than before is not the end, as long as it is more than usual', () => {
  const shifts = watch(50, 60, (sec, index) => sec >= 20 && sec < 40 && (sec < 22 || index % 4 === 0));
  expect(shifts).toHaveLength(1);
  expect(shifts[0]!.endSec).toBeCloseTo(39.94, 9);
});

test('what is not seen to be over for long enough has not ended', () => {
  const [shift] = watch(50, 30, (sec) => sec >= 20 && sec < 29.5);
  expect(shift).toMatchObject({ startSec: 20, endSec: 29.5, ended: false });
});

test('a gap is as long as requests are missing, and load that was to stop makes none', () => {
  const made = new GapWatch({ usualRps: 50, lowRps: 25, alarm: 17, holdSec: 1 });
  for (let index = 0; index < 3000; index += 1) {
    const sec = index / 50;
    if (sec >= 20 && sec < 22) continue;
    if (sec >= 40 && sec < 45) made.skipTo(sec);
    else made.see(sec);
  }
  made.end();
  expect(made.shifts).toHaveLength(1);
  expect(made.shifts[0]!.startSec).toBeCloseTo(20, 6);
  expect(made.shifts[0]!.endSec).toBeCloseTo(22, 6);
});
