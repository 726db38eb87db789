import type { Plan, Step } from './plan.ts';

/** How far a run has come. Pure: the coordinator asks what is next, does it, and says so. */
export interface RunState {
  /** Those of groups have no time of their own. */
  readonly steps: readonly Step[];
  /** The index of the step that comes next. */
  readonly position: number;
  /** Whether the last step is carried out as soon as all that was begun is over. */
  readonly endsWhenDone: boolean;
}

export type Decision =
  | { readonly type: 'carry_out'; readonly step: Step }
  /** `orDone`: or until all that was begun is over, if that comes first. */
  | { readonly type: 'wait'; readonly untilMs: number; readonly orDone: boolean }
  | { readonly type: 'done' };

export function begin(plan: Plan): RunState {
  return {
    steps: plan.steps.filter(({ lane }) => lane === undefined),
    position: 0,
    endsWhenDone: plan.endsWhenDone,
  };
}

/**
 * What to do at `nowMs` of the run. A step that is late is carried out at once, never skipped.
 * @param isDone Whether all that was begun is over.
 */
export function next(state: RunState, nowMs: number, isDone: boolean): Decision {
  const step = state.steps[state.position];
  if (step === undefined) return { type: 'done' };
  const orDone = state.endsWhenDone && state.position === state.steps.length - 1;
  if (nowMs >= step.atMs || (orDone && isDone)) return { type: 'carry_out', step };
  return { type: 'wait', untilMs: step.atMs, orDone };
}

/** The state after the next step was carried out. */
export function apply(state: RunState): RunState {
  return { ...state, position: state.position + 1 };
}
