import { followers } from '../../run/fault-life.ts';
import { play, type Played } from './play.ts';

export interface Simulated {
  /** The runs in which something happened that must not. */
  readonly failed: readonly Played[];
  /** `requested → effective` …, each that any process made. */
  readonly transitions: ReadonlySet<string>;
}

/** Plays `runs` seeds, one after the other, from `seed` on. */
export async function simulate(seed: number, runs: number): Promise<Simulated> {
  const failed: Played[] = [];
  const transitions = new Set<string>();
  for (let next = seed; next < seed + runs; next += 1) {
    const played = await play(next);
    for (const transition of played.transitions) transitions.add(transition);
    if (played.violations.length > 0) failed.push(played);
  }
  return { failed, transitions };
}

/** What failed in a run, and how to see it again. */
export function told({ seed, violations }: Played): string {
  return [`seed ${seed} (npm run simulate -- --seed ${seed}):`, ...violations].join('\n  ');
}

/** Every transition that the table of a fault's life allows. */
export function allowedTransitions(): readonly string[] {
  const between = Object.entries(followers).flatMap(([before, after]) =>
    after.map((state) => `${before} → ${state}`),
  );
  return ['none → requested', ...between];
}
