import type { LiveSample } from '../load/live.ts';
import { phaseAt } from '../model/phase.ts';
import type { Progress } from './observer.ts';
import type { Plan } from './plan.ts';

interface Going {
  readonly plan: Plan;
  readonly load: { readonly targetRps: number | null };
  readonly faults: { readonly broken: readonly string[] } | null;
}

/** How a run goes at a moment of it. */
export function progressAt({ plan, load, faults }: Going, runMs: number, live: LiveSample): Progress {
  const phase = phaseAt(plan.phases, runMs);
  const phaseEndMs = plan.phases.find(({ name }) => name === phase)?.endMs ?? plan.endMs;
  return {
    phase,
    phaseLeftMs: Math.max(phaseEndMs - runMs, 0),
    runMs,
    runLeftMs: Math.max(plan.endMs - runMs, 0),
    targetRps: load.targetRps,
    live,
    broken: faults?.broken ?? [],
  };
}
