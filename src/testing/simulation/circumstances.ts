import type { Dice } from './dice.ts';
import type { DiskWeather } from './disk.ts';
import type { Outage, Weather } from './engine.ts';
import type { Temper } from './world.ts';

/** What a simulated run is up against. */
export interface Circumstances {
  readonly engine: Weather;
  readonly disk: DiskWeather;
  readonly tempers: ReadonlyMap<string, Temper>;
  /** Somebody else has a hand in it about this often; null where nobody does. */
  readonly meddlingMs: number | null;
  readonly interruptMs: number | null;
}

/** When and how a process is killed; never where both are null. */
export interface Doom {
  readonly atMs: number | null;
  readonly fatalWrite: number | null;
}

/** A third of the runs is calm, so that what is left of a killed one is all there is to see. */
export function drawCircumstances(dice: Dice, planMs: number): Circumstances {
  const rough = dice.weighted({ calm: 1, rough: 1, wild: 1 });
  const share = { calm: 0, rough: 0.15, wild: 0.4 }[rough];
  const horizonMs = planMs + 60_000;
  const spans = (chance: number, longestMs: number) =>
    dice.chance(chance)
      ? Array.from({ length: dice.whole(1, 3) }, () => {
          const fromMs = dice.whole(0, horizonMs);
          return { fromMs, toMs: fromMs + dice.whole(200, longestMs) };
        })
      : [];
  const outage = (span: Pick<Outage, 'fromMs' | 'toMs'>): Outage => ({
    ...span,
    kind: dice.pick(['silent', 'refuses']),
  });
  const full = spans(share / 2, 30_000);
  // Where the undo of a fault could not be journaled, nobody can know that a start which came to nothing was ours.
  const mayCrash = full.length === 0;
  return {
    engine: { orders: share, looks: share / 10, outages: spans(share * 2, 40_000).map(outage) },
    disk: { late: share / 3, full },
    tempers: new Map(
      (['a', 'b', 'c'] as const).map((name) => {
        const bootMs = dice.pick([0, 100, 1_000, 12_000]);
        return [
          name,
          { bootMs, crashes: mayCrash && bootMs > 0 && dice.chance(share / 2) ? dice.whole(1, 2) : 0 },
        ];
      }),
    ),
    meddlingMs: dice.chance(0.25) ? dice.pick([1_000, 5_000, 15_000]) : null,
    interruptMs: dice.chance(0.2) ? dice.whole(0, planMs - 1) : null,
  };
}

export const neverKilled: Doom = { atMs: null, fatalWrite: null };

export function drawDoom(dice: Dice, chance: number, withinMs: number): Doom {
  if (!dice.chance(chance)) return neverKilled;
  return dice.chance(0.5)
    ? { atMs: dice.whole(0, withinMs), fatalWrite: null }
    : { atMs: null, fatalWrite: dice.whole(1, 25) };
}
