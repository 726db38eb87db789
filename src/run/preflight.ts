import { type Clock, sleep } from '../clock/clock.ts';
import type { NodeSpec } from '../model/node.ts';
import { poll } from './poll.ts';

export interface SilentNode {
  readonly node: NodeSpec;
  /** The code of an error. */
  readonly why: string;
}

export interface PreflightOptions {
  readonly clock: Clock;
  /** Why a node does not answer, as the code of an error; null where it does. */
  readonly silenceOf: (node: NodeSpec) => Promise<string | null>;
  /** Whether waiting would change nothing about that error. */
  readonly lasts: (why: string) => boolean;
  readonly limitMs: number;
  readonly tellAfterMs: number;
  /** Told once, of those that do not answer after `tellAfterMs`, where there are any. */
  readonly onWaiting: (silent: readonly SilentNode[]) => void;
  readonly signal: AbortSignal;
}

/** Gives every node up to `limitMs` to answer, all at once. Returns those that did not. */
export async function findSilent(
  nodes: readonly NodeSpec[],
  options: PreflightOptions,
): Promise<readonly SilentNode[]> {
  const { clock, silenceOf, lasts, limitMs, tellAfterMs, onWaiting, signal } = options;
  const seen = new Map<NodeSpec, string | null>();
  const silent = () =>
    nodes.flatMap((node): readonly SilentNode[] => {
      const why = seen.has(node) ? seen.get(node) : 'timeout';
      return typeof why === 'string' ? [{ node, why }] : [];
    });
  const over = new AbortController();
  const waiting = AbortSignal.any([signal, over.signal]);
  void sleep(clock, tellAfterMs, waiting).then(() => {
    if (!waiting.aborted) onWaiting(silent());
  });
  await Promise.all(
    nodes.map((node) =>
      poll({ clock, everyMs: 100, limitMs, signal }, async () => {
        const why = await silenceOf(node);
        seen.set(node, why);
        return why === null || lasts(why) ? true : undefined;
      }),
    ),
  );
  over.abort();
  return silent();
}
