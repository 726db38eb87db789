import type { Clock } from '../clock/clock.ts';
import type { Hands } from '../fault/fault.ts';
import { messageOf } from '../model/errors.ts';
import type { FaultState, Rescuer } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { brokenText, type JournaledFault } from './fault-life.ts';
import type { Journal } from './journal.ts';
import { undoFault } from './undo.ts';

/** How to get at what a journal names. */
export interface Reach extends Hands {
  readonly serves: (node: string) => Promise<boolean>;
  close(): Promise<void>;
}

export interface UndoJournaledOptions {
  readonly clock: Clock;
  readonly by: Rescuer;
  readonly journal: Journal;
  /** Null where it could not be read. */
  readonly manifest: Manifest | null;
  /** How long to go on trying, in milliseconds. */
  readonly patienceMs: number;
  /** How many refusals to take before that. */
  readonly refusals: number;
  /** Reaches the very containers, or embedded nodes, of these faults. */
  readonly reach: (open: readonly JournaledFault[], manifest: Manifest | null) => Promise<Reach>;
}

/** How a fault stands after it was seen to. */
export interface Settled {
  readonly state: FaultState;
  /** `service-node-2 killed: the node answers`. */
  readonly text: string;
}

/**
 * Undoes faults that another process journaled, the last one first, then waits until their nodes serve again. Never
 * leaves one out for another's failure.
 */
export async function undoJournaled(
  open: readonly JournaledFault[],
  options: UndoJournaledOptions,
): Promise<readonly Settled[]> {
  if (open.length === 0) return [];
  const { clock, manifest, patienceMs, reach } = options;
  const untilMs = clock.now() + patienceMs;
  const reached = await reach(open, manifest);
  const settled: Settled[] = [];
  try {
    const waits: (() => Promise<Settled>)[] = [];
    for (const fault of open.toReversed()) waits.push(await settle(fault, reached, untilMs, options));
    settled.push(...(await Promise.all(waits.map((wait) => wait()))));
  } finally {
    await reached.close();
  }
  return settled;
}

async function settle(
  fault: JournaledFault,
  { driver, disturbers, serves }: Reach,
  untilMs: number,
  { clock, by, journal, refusals }: UndoJournaledOptions,
): Promise<() => Promise<Settled>> {
  const { id, spec, node, phase } = fault;
  const { kind } = spec;
  const what = brokenText(fault);
  let settled: Settled = { state: fault.state, text: what };
  const write = async (state: FaultState, detail?: string) => {
    settled = { state, text: detail === undefined ? what : `${what}: ${detail}` };
    await journal.write({
      type: 'fault',
      id,
      kind,
      node,
      phase,
      state,
      by,
      ...(detail === undefined ? {} : { detail }),
    });
  };
  const failed = async (thrown: unknown) => {
    await write('undo_failed', messageOf(thrown)).catch(() => {});
  };
  const warn = (message: string) => journal.write({ type: 'note', level: 'warn', message });
  // Every other is undone as well before any wait begins.
  const isBeset = () => false;
  const undoing = { clock, hands: { driver, disturbers }, serves, isBeset, untilMs, refusals, write, warn };
  try {
    const wait = await undoFault(fault, undoing);
    return async () => {
      try {
        await wait();
      } catch (error) {
        await failed(error);
      }
      return settled;
    };
  } catch (error) {
    await failed(error);
    return () => Promise.resolve(settled);
  }
}
