import type { Clock } from '../clock/clock.ts';
import type { NodeSpec } from '../model/node.ts';
import { poll } from './poll.ts';

export interface PreflightOptions {
  readonly clock: Clock;
  readonly serves: (node: NodeSpec) => Promise<boolean>;
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Gives every node up to `limitMs` to answer, all at once. Returns those that did not. */
export async function findSilent(
  nodes: readonly NodeSpec[],
  options: PreflightOptions,
): Promise<readonly NodeSpec[]> {
  const { clock, serves, limitMs, signal } = options;
  const answers = await Promise.all(
    nodes.map(async (node) => {
      const seen = await poll({ clock, everyMs: 100, limitMs, signal }, async () =>
        (await serves(node)) ? true : undefined,
      );
      return seen === true;
    }),
  );
  return nodes.filter((_, index) => answers[index] !== true);
}
