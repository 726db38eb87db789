import { LoadAgent } from '../../load/agent.ts';

import { Coordinator, type RunOutcome } from '../../run/coordinator.ts';
import { FaultDesk } from '../../run/fault-desk.ts';
import { Journal } from '../../run/journal.ts';
import type { Plan } from '../../run/plan.ts';
import { MemoryTarget } from '../memory-target.ts';
import type { Actor, Stage } from './stage.ts';

const settings = { max_in_flight: 100, timeout_sec: 5, spread: 'random' } as const;

/** A run's own process, from its start to its end; never ends where it is killed. */
export function coordinate(
  { clock: time, world }: Stage,
  actor: Actor,
  plan: Plan,
  stop: AbortSignal,
): Promise<RunOutcome> {
  const { life, driver, serves, sink } = actor;
  const clock = life.clock(time);
  const startMs = clock.now();
  const journal = new Journal({ clock, startMs, sink, onEvent: () => {} });
  const load = new LoadAgent({
    clock,
    startMs,
    untilMs: plan.endMs,
    targets: new Map([['http', new MemoryTarget(clock, world)]]),
    seed: 1,
    settings,
    phases: plan.phases,
    record: () => {},
  });
  const hands = { driver, disturbers: driver.disturbers };
  const faults = new FaultDesk({ clock, hands, journal, serves, overtimeMs: 60_000, mark: 'sim' });
  const observer = { progress: () => {}, event: () => {} };
  const objection = () => Promise.resolve(null);
  const asking = { look: () => Promise.resolve({ holds: true, evidence: '' }), serves };
  const agents = { load, faults, writes: null, journal, observer, objection, asking };
  return new Coordinator({ plan, clock, startMs, stop, ...agents }).run();
}
