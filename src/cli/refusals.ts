import type { Sighting } from '../control/driver.ts';
import { OrchError } from '../model/errors.ts';
import { nodesInUse } from '../run/locks.ts';
import type { Plan } from '../run/plan.ts';
import { unfinishedHere } from '../run/unfinished.ts';
import { commandFor } from './repair.ts';
import type { ChosenDriver } from './world.ts';

export interface RefusalsRequest {
  readonly runsRoot: string;
  readonly host: string;
  readonly plan: Plan;
  readonly chosen: ChosenDriver;
  /** The nodes that could be looked at out-of-band. */
  readonly seen: ReadonlyMap<string, Sighting>;
}

/** Why a run that began now would be refused, as sentences: as far as that shows without a request to any node. */
export async function refusalsNow(request: RefusalsRequest): Promise<readonly string[]> {
  const { runsRoot, host, plan, chosen, seen } = request;
  const obstacle = await unfinishedHere(runsRoot, host).catch((error: unknown) => {
    if (error instanceof OrchError) return error;
    throw error;
  });
  return [
    ...(obstacle === null ? [] : [`${obstacle.message}. ${obstacle.hint ?? ''}`.trim()]),
    // Embedded nodes stand on other ports where the usual ones are taken.
    ...(chosen.name === 'process' ? [] : await nodesInUse(plan.nodes, chosen.scope)),
    ...[...seen].flatMap(([node, { state, incarnation }]) => {
      const command = commandFor(state, incarnation);
      return command === null ? [] : [`${node} is ${state}. \`${command}\` brings it back.`];
    }),
  ].map((why) => `a run would be refused now: ${why}`);
}
