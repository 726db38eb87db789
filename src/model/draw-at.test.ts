import { describe, expect, it } from 'vitest';
import { drawAt } from './draw-at.ts';

/** Pearson's statistic of the draws over equal cells; with 99 degrees of freedom it is beyond 160 once in 10,000 times. */
function chiSquare(draws: readonly number[], cells = 100): number {
  const counts = Array.from({ length: cells }, () => 0);
  for (const draw of draws) counts[Math.floor(draw * cells)]! += 1;
  const expected = draws.length / cells;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

const numbers = Array.from({ length: 100_000 }, (_, index) => index);

describe('a draw', () => {
  it('is the same for the same seed, request and purpose, and no other', () => {
    expect(drawAt(7, 42, 1)).toBe(drawAt(7, 42, 1));
    const others = [drawAt(8, 42, 1), drawAt(7, 43, 1), drawAt(7, 42, 2), drawAt(7, 42 + 2 ** 32, 1)];
    expect(new Set([drawAt(7, 42, 1), ...others]).size).toBe(5);
  });

  it('is uniform over requests, over seeds and over purposes', () => {
    expect(Math.max(...numbers.map((n) => drawAt(1, n, 0)))).toBeLessThan(1);
    for (const draws of [
      numbers.map((n) => drawAt(1, n, 0)),
      numbers.map((n) => drawAt(n, 0, 0)),
      numbers.map((n) => drawAt(1, 0, n)),
    ])
      expect(chiSquare(draws)).toBeLessThan(160);
  });

  it('tells nothing of the one beside it', () => {
    const pairs = (step: (n: number) => number) =>
      numbers.map((n) => Math.floor(drawAt(1, n, 0) * 10) / 10 + step(n) / 10);
    expect(chiSquare(pairs((n) => drawAt(1, n + 1, 0)))).toBeLessThan(160);
    expect(chiSquare(pairs((n) => drawAt(1, n, 1)))).toBeLessThan(160);
    expect(chiSquare(pairs((n) => drawAt(2, n, 0)))).toBeLessThan(160);
  });
});
