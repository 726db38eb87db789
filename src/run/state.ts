import type { Plan, Step } from './plan.ts';

/** How far a run has come. Pure: the coordinator asks what is next, does it, and says so. */
export interface RunState {
  /** Those of groups have no time of their own. */
  readonly steps: readonly Step[];
  /** The index of the step that comes next. */
  readonly position: number;
}

export type Decision =
  | { readonly type: 'carry_out'; readonly step: Step }
  | { readonly type: 'wait'; readonly untilMs: number }
  | { readonly type: 'done' };

export function begin(plan: Plan): RunState {
  return { steps: plan.steps.filter(({ lane }) => lane === undefined), position: 0 };
}

/** What to do at `nowMs` of the run. A step that is late is carried out at once, never skipped. */
export function next(state: RunState, nowMs: number): Decision {
  const step = state.steps[state.position];
  if (step === undefined) return { type: 'done' };
  return nowMs < step.atMs ? { type: 'wait', untilMs: step.atMs } : { type: 'carry_out', step };
}

/** The state after the next step was carried out. */
export function apply(state: RunState): RunState {
  return { ...state, position: state.position + 1 };
}
