import { type Action, isSimple, isWait } from '../model/action.ts';
import type { Scenario } from '../model/scenario.ts';
import type { RollingAction } from '../model/simple-action.ts';
import type { ChooseOrder } from './chooser.ts';
import { checkExtent } from './extent.ts';
import { type Flow, needsFlow } from './flow.ts';
import { FlowLayout, type Placed } from './flow-layout.ts';
import type { PlannedPhase } from '../model/phase.ts';
import { type LanePlace, labelOf } from './plan.ts';

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
    | Placed['what']
    | { readonly type: 'start_flow'; readonly flow: Flow };
  /** The lane of an action that waits, or is decided on. */
  readonly lane?: LanePlace;
}

/** At one and the same time, what ends comes before what begins. */
const ranks = {
  end_phase: 0,
  start_phase: 1,
  expire: 2,
  act: 3,
  ask: 3,
  wait: 3,
  group: 3,
  choose: 3,
  start_flow: 3,
} as const;

export interface AgendaOptions {
  readonly scenario: Scenario;
  /** `file:line:column` of a part of the scenario. */
  readonly where: (path: readonly (string | number)[]) => string;
  /** The nodes of a rolling action, which have turns of their own; or why there are none. */
  readonly choose: (action: RollingAction, phase: string) => ChooseOrder | string;
  /** Told of an action that cannot be carried out where it stands. */
  readonly mistake: (place: string, message: string) => void;
}

/** What is to be seen to, in the order of time; of one time, in the order in which it was added. */
export class Agenda {
  readonly phases: readonly PlannedPhase[];
  readonly endMs: number;
  readonly #entries: Entry[] = [];
  readonly #options: AgendaOptions;
  #count = 0;

  constructor(options: AgendaOptions) {
    this.#options = options;
    const { scenario, where, mistake } = options;
    checkExtent(scenario, where);
    const planned: PlannedPhase[] = [];
    let startMs = 0;
    for (const [index, { name, duration_sec, actions, until }] of scenario.phases.entries()) {
      const endMs = startMs + duration_sec * 1000;
      const phase = { name: labelOf(name, planned), startMs, endMs };
      planned.push(phase);
      if (until !== undefined && index + 1 < scenario.phases.length)
        mistake(where(['phases', index, 'until']), 'only the last phase can end when all is done');
      const place = where(['phases', index]);
      this.add({ atMs: startMs, place, what: { type: 'start_phase', phase } });
      for (const [position, action] of actions.entries()) {
        const path = ['phases', index, 'actions', position];
        this.#place(action, phase, path);
        if (isWait(action)) mistake(where(path), `${action.type} means something in a sequence only`);
        else if (action.at_sec >= duration_sec && action.at_sec > 0)
          mistake(where(path), `at_sec is ${action.at_sec}, but the phase lasts ${duration_sec} s`);
      }
      this.add({ atMs: endMs, place, what: { type: 'end_phase', phase } });
      startMs = endMs;
    }
    this.phases = planned;
    this.endMs = startMs;
  }

  /** When a phase ends, in milliseconds since the run's start; of one that there is not, when the run does. */
  endOf(phase: string): number {
    return this.phases.find(({ name }) => name === phase)?.endMs ?? this.endMs;
  }

  add(entry: Entry): void {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const other = this.#entries[middle];
      if (other !== undefined && isBefore(entry, other)) high = middle;
      else low = middle + 1;
    }
    this.#entries.splice(low, 0, entry);
  }

  #place(action: Action, { name: phase, startMs }: PlannedPhase, path: readonly (string | number)[]): void {
    if (isWait(action)) return;
    const { where, choose } = this.#options;
    const place = where(path);
    if (!needsFlow(action) && isSimple(action))
      return this.add({ atMs: startMs + action.at_sec * 1000, place, what: { type: 'act', action } });
    const nameOf = (what: string) => this.#nameOf(what === 'ask' ? 'a' : 'l');
    const layout = new FlowLayout({ where, nameOf, choose: (rolling) => choose(rolling, phase) });
    const { flow } = layout.lay(action, startMs, path);
    this.add({ atMs: startMs, place, what: { type: 'start_flow', flow } });
    for (const part of layout.placed) this.add(part);
  }

  #nameOf(letter: string): string {
    this.#count += 1;
    return `${letter}${this.#count}`;
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
