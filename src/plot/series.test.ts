import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Point, steps, thinned } from './series.ts';

const rows = (values: readonly (number | null)[]) => values.map((value, sec) => ({ sec, value }));
const line = (values: readonly (number | null)[]) => steps(rows(values), (row) => row.value);

describe('steps', () => {
  it('holds each value to the end of its second', () => {
    expect(line([5, 7])).toEqual([
      { x: 0, y: 5 },
      { x: 1, y: 7 },
      { x: 2, y: 7 },
      { x: 2, y: null },
    ]);
  });

  it('leaves a gap for null, where a second between two gaps is still seen', () => {
    expect(line([null, 3, null])).toEqual([
      { x: 0, y: null },
      { x: 1, y: 3 },
      { x: 2, y: 3 },
      { x: 2, y: null },
      { x: 2, y: null },
    ]);
  });

  it('does not bridge seconds that are missing from the rows', () => {
    const apart = [
      { sec: 0, value: 1 },
      { sec: 5, value: 2 },
    ];
    expect(steps(apart, (row) => row.value).map((point) => point.y)).toEqual([1, 1, null, 2, 2, null]);
  });
});

describe('thinned', () => {
  it('keeps extremes, ends and gaps of every column, and invents nothing', () => {
    const values = fc.array(fc.option(fc.integer({ min: 0, max: 1000 })), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 90 }), (made, columnSec) => {
        const all = line(made);
        const few = thinned(all, columnSec);
        expect(all).toEqual(expect.arrayContaining([...few]));
        for (const [column, points] of columnsOf(all, columnSec)) {
          const kept = columnsOf(few, columnSec).get(column) ?? [];
          expect(kept.length).toBeLessThanOrEqual(5);
          expect(extremes(kept)).toEqual(extremes(points));
          expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
          expect(kept.some((point) => point.y === null)).toBe(points.some((point) => point.y === null));
        }
      }),
    );
  });

  it('leaves a line alone that is not dense', () => {
    const short = line([1, 2, 3, 4, 5]);
    expect(thinned(short, 1)).toEqual(short);
  });
});

const columnsOf = (points: readonly Point[], columnSec: number) =>
  Map.groupBy(points, (point) => Math.floor(point.x / columnSec));

function extremes(points: readonly Point[]): number[] {
  const values = points.flatMap((point) => (point.y === null ? [] : [point.y]));
  return [Math.min(...values), Math.max(...values)];
}
