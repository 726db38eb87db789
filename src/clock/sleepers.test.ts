import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Sleeper, Sleepers } from './sleepers.ts';

it('sleepers are woken in the order of their times, without those who were taken away', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean())), fc.nat(50), (times, untilMs) => {
      const sleepers = new Sleepers();
      const woken: number[] = [];
      const all: [Sleeper, boolean][] = times.map(([atMs, leaves]) => [
        sleepers.add(atMs, () => woken.push(atMs)),
        leaves,
      ]);
      for (const [sleeper, leaves] of all) if (leaves) sleepers.remove(sleeper);
      sleepers.wakeUntil(untilMs);
      const staying = times.flatMap(([atMs, leaves]) => (leaves ? [] : [atMs])).sort((a, b) => a - b);
      expect(woken).toEqual(staying.filter((atMs) => atMs <= untilMs));
      expect(sleepers.nextMs).toBe(staying.find((atMs) => atMs > untilMs) ?? Number.POSITIVE_INFINITY);
    }),
  );
});
