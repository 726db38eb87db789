import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rate } from '../model/demand.ts';
import type { Continuation } from './running-load.ts';
import { Pacer, type Schedule, wholeShare } from './pacer.ts';

const seconds = 5;
const base = {
  arrivals: 'uniform',
  sinceMs: 1000,
  fromMs: 1000,
  untilMs: 1000 + seconds * 1000,
  firstSeq: 0,
  afterSeq: -1,
  seed: 1,
  share: wholeShare,
} as const;

function evenly(rps: number, more: Partial<Schedule> = {}): Schedule {
  return { ...base, rate: { shape: 'constant', rps }, ...more };
}

function taken(schedule: Schedule): { seq: number; dueMs: number }[] {
  const pacer = new Pacer(schedule);
  const all = [];
  for (; pacer.nextMs !== Number.POSITIVE_INFINITY; pacer.take())
    all.push({ seq: pacer.nextSeq, dueMs: pacer.nextMs });
  return all;
}

describe('a pacer', () => {
  it('makes exactly rps × seconds requests due, the first at the start, none at the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (rps) => {
        const all = taken(evenly(rps));
        expect(all.length).toBe(rps * seconds);
        expect(all[0]).toEqual({ seq: 0, dueMs: 1000 });
        expect(all.at(-1)?.dueMs).toBeLessThan(1000 + seconds * 1000);
      }),
      { numRuns: 50 },
    );
  });

  it('does not drift: the millionth request is due to the microsecond', () => {
    const pacer = new Pacer(evenly(3000, { sinceMs: 0, fromMs: 0, untilMs: Number.POSITIVE_INFINITY }));
    for (let n = 0; n < 1_000_000; n += 1) pacer.take();
    expect(pacer.nextMs).toBeCloseTo(1_000_000_000 / 3000, 6);
  });

  const shapes: readonly Rate[] = [
    { shape: 'constant', rps: 123 },
    { shape: 'ramp', fromRps: 0, toRps: 400, overMs: 4000 },
    { shape: 'steps', rps: [10, 0, 300], everyMs: 1500 },
    { shape: 'sine', meanRps: 150, amplitudeRps: 150, periodMs: 2000 },
  ];
  const schedules = shapes.flatMap((rate) =>
    (['uniform', 'poisson'] as const).map((arrivals) => ({ ...base, rate, arrivals })),
  );

  it.each(schedules)('$arrivals, $rate.shape: shares together are the whole, to the last bit', (schedule) => {
    const whole = taken(schedule);
    const shares = [0, 1, 2].flatMap((index) => taken({ ...schedule, share: { index, of: 3 } }));
    expect(whole.length).toBeGreaterThan(100);
    expect(shares.toSorted((a, b) => a.seq - b.seq)).toEqual(whole);
  });

  it.each(schedules)('$arrivals, $rate.shape: ends at a time, the same whoever shares it', (schedule) => {
    const atMs = 3456.7;
    const before = taken(schedule).filter(({ dueMs }) => dueMs < atMs);
    const end = { nextSeq: before.length, lastDueMs: before.at(-1)?.dueMs };
    const endOf = ({ nextSeq, lastDueMs }: Continuation) => ({ nextSeq, lastDueMs });
    for (const share of [wholeShare, { index: 0, of: 3 }, { index: 2, of: 3 }]) {
      const pacer = new Pacer({ ...schedule, share });
      while (pacer.nextMs < atMs) pacer.take();
      expect(endOf(pacer.end(atMs))).toEqual(end);
      // Word of the end may come late: by then more was taken.
      const late = new Pacer({ ...schedule, share });
      while (late.nextMs < atMs + 500) late.take();
      expect(endOf(late.end(atMs))).toEqual(end);
    }
    expect(endOf(new Pacer(schedule).end(1000))).toEqual({ nextSeq: 0, lastDueMs: Number.NEGATIVE_INFINITY });
  });

  it('goes on in the midst of a rate that began before', () => {
    const ramp = { ...base, rate: shapes[1]! };
    const late = taken({ ...ramp, fromMs: 3000 }).map(({ dueMs }) => dueMs);
    expect(late[0]).toBe(3000);
    // At 2 s of the ramp there are 200 a second.
    expect(late[1]! - late[0]!).toBeGreaterThan(4.9);
    expect(late[1]! - late[0]!).toBeLessThan(5);
  });

  it('draws the gaps of a Poisson process: independent, exponential', () => {
    const due = taken(evenly(2000, { arrivals: 'poisson' })).map(({ dueMs }) => dueMs);
    const gaps = due.slice(1).map((dueMs, index) => dueMs - due[index]!);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    // Ten thousand gaps: four standard errors of the mean are 4%, of the share beyond the mean (1/e) 2 points.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(gaps.filter((gap) => gap > 0.5).length / gaps.length - Math.exp(-1))).toBeLessThan(0.02);
    expect(taken(evenly(2000, { arrivals: 'poisson', seed: 2 }))[0]).not.toEqual({ seq: 0, dueMs: due[0] });
  });
});
