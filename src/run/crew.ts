import type { Clock } from '../clock/clock.ts';
import { longestHoldSec } from '../model/stop-condition.ts';
import { Activities } from './activities.ts';
import { type Asking, Conditions } from './conditions.ts';
import type { FaultDesk } from './fault-desk.ts';
import { FaultQueue, type Objection } from './fault-queue.ts';
import { FlowRunner } from './flow-runner.ts';
import type { Journal } from './journal.ts';
import { MetricBook } from './metric-book.ts';
import type { Plan, Step } from './plan.ts';
import { SteadyState } from './steady-state.ts';

export interface CrewOptions {
  readonly plan: Plan;
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  /** Null where the plan injects no fault. */
  readonly faults: FaultDesk | null;
  readonly objection: Objection;
  readonly asking: Asking;
  readonly journal: Journal;
}

/** Those who work beside a coordinator's clock. */
export interface Crew {
  /** Null where the plan injects no fault. */
  readonly queue: FaultQueue | null;
  readonly flows: FlowRunner;
  readonly steadyState: SteadyState;
  readonly activities: Activities;
  readonly metrics: MetricBook;
}

/**
 * @param stop Ends the run.
 * @param onError Told of what they could not do.
 * @param carryOut Carries out a step of a flow, to its end.
 */
export function crewOf(
  { plan, clock, startMs, faults, journal, objection, asking }: CrewOptions,
  stop: AbortSignal,
  onError: (error: unknown) => void,
  carryOut: (step: Step, together: boolean) => Promise<void>,
): Crew {
  const metrics = new MetricBook(longestHoldSec);
  const agents = { clock, metrics, asking, journal };
  const activities = new Activities({ asking, journal });
  const conditions = new Conditions(agents);
  const steadyState = new SteadyState({
    clock,
    journal,
    checks: plan.steadyState,
    stop,
    judge: (condition, signal) => conditions.judge(condition, signal),
    isKnown: (condition) => condition.kind !== 'metric' || metrics.isKnown(condition.metric),
  });
  const isSteady = () => steadyState.before();
  const flows = new FlowRunner({
    clock,
    steps: plan.steps,
    carryOut,
    decide: (condition, place, signal) => conditions.decide(condition, place, signal),
    waitUntil: (waiting, signal) => conditions.waitUntil(waiting, signal),
    ask: async ({ id, activity }, signal) => {
      await isSteady();
      if (!signal.aborted) await activities.perform(id, activity, false, signal);
    },
    stop,
    onError,
  });
  const queue =
    faults && new FaultQueue({ clock, startMs, faults, journal, objection, isSteady, stop, onError });
  return { queue, flows, steadyState, activities, metrics };
}
