import { lookOfActivity } from '../model/action.ts';
import { nodesOfLook } from '../model/check.ts';
import { conditionOfCheck, nodesNamed } from '../model/condition.ts';
import type { Scenario } from '../model/scenario.ts';

/** Nodes that something in a scenario asks, by their names, and where it stands: `file:line:column`. */
export interface Asked {
  readonly names: readonly string[];
  readonly place: string;
}

/** The nodes that are asked by what stands beside the phases. */
export function askedBeside(
  { steady_state: checks, rollbacks }: Scenario,
  where: (path: readonly (string | number)[]) => string,
): readonly Asked[] {
  return [
    ...checks.map((check, index) => ({
      names: nodesNamed(conditionOfCheck(check)),
      place: where(['steady_state', index]),
    })),
    ...rollbacks.map((activity, index) => ({
      names: nodesOfLook(lookOfActivity(activity)),
      place: where(['rollbacks', index]),
    })),
  ];
}
