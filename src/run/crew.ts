import { Activities } from './activities.ts';
import { Conditions } from './conditions.ts';
import type { CoordinatorOptions } from './coordinator.ts';
import { FaultQueue } from './fault-queue.ts';
import { FlowRunner } from './flow-runner.ts';
import { MetricBook } from './metric-book.ts';
import type { Step } from './plan.ts';
import { SteadyState } from './steady-state.ts';

/** Metrics are kept for this long, in seconds: no condition can ask for more. */
const longestSec = 3600;

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
  { plan, clock, startMs, faults, journal, objection, asking }: CoordinatorOptions,
  stop: AbortSignal,
  onError: (error: unknown) => void,
  carryOut: (step: Step) => Promise<void>,
): Crew {
  const metrics = new MetricBook(longestSec);
  const agents = { clock, metrics, asking, journal };
  const activities = new Activities({ asking, journal });
  const conditions = new Conditions(agents);
  const steadyState = new SteadyState({
    clock,
    journal,
    checks: plan.steadyState,
    judge: (condition, signal) => conditions.judge(condition, signal),
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
