import type { Action, Scenario } from '../model/scenario.ts';
import { labelOf, type PlannedPhase } from './plan.ts';

/** Something that a plan has to see to at a time of the run. */
export interface Entry {
  /** Milliseconds since the run's start. */
  readonly atMs: number;
  /** `file:line:column` of the action, or of the phase. */
  readonly place: string;
  readonly what:
    | { readonly type: 'end_phase' | 'start_phase'; readonly phase: PlannedPhase }
    /** What an action with a duration has begun is over. */
    | { readonly type: 'expire'; readonly undo: () => void }
    | { readonly type: 'act'; readonly action: Action };
}

/** At one and the same time, what ends comes before what begins. */
const ranks = { end_phase: 0, start_phase: 1, expire: 2, act: 3 } as const;

/** What is to be seen to, in the order of time; of one time, in the order in which it was added. */
export class Agenda {
  readonly phases: readonly PlannedPhase[];
  readonly endMs: number;
  readonly #entries: Entry[] = [];

  /**
   * @param where `file:line:column` of a part of the scenario
   * @param late Told of an action that would only be carried out after its phase has ended.
   */
  constructor(
    { phases }: Scenario,
    where: (path: readonly (string | number)[]) => string,
    late: (place: string, message: string) => void,
  ) {
    const planned: PlannedPhase[] = [];
    let startMs = 0;
    for (const [index, { name, duration_sec, actions }] of phases.entries()) {
      const endMs = startMs + duration_sec * 1000;
      const phase = { name: labelOf(name, planned), startMs, endMs };
      planned.push(phase);
      const place = where(['phases', index]);
      this.add({ atMs: startMs, place, what: { type: 'start_phase', phase } });
      for (const [position, action] of actions.entries()) {
        const at = where(['phases', index, 'actions', position]);
        if (action.at_sec >= duration_sec && action.at_sec > 0)
          late(at, `at_sec is ${action.at_sec}, but the phase lasts ${duration_sec} s`);
        this.add({ atMs: startMs + action.at_sec * 1000, place: at, what: { type: 'act', action } });
      }
      this.add({ atMs: endMs, place, what: { type: 'end_phase', phase } });
      startMs = endMs;
    }
    this.phases = planned;
    this.endMs = startMs;
  }

  add(entry: Entry): void {
    const after = this.#entries.findIndex((other) => isBefore(entry, other));
    this.#entries.splice(after === -1 ? this.#entries.length : after, 0, entry);
  }

  /** The next thing to see to; undefined where nothing is left. */
  take(): Entry | undefined {
    return this.#entries.shift();
  }
}

function isBefore(entry: Entry, other: Entry): boolean {
  if (entry.atMs !== other.atMs) return entry.atMs < other.atMs;
  return ranks[entry.what.type] < ranks[other.what.type];
}
