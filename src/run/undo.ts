import { type Clock, sleep } from '../clock/clock.ts';
import { NodeGone } from '../control/driver.ts';
import { faults } from '../fault/box.ts';
import type { Hands, Seen, Standing } from '../fault/fault.ts';
import { type ErrorCode, messageOf, OrchError } from '../model/errors.ts';
import type { FaultState } from '../model/event.ts';
import type { JournaledFault } from './fault-life.ts';
import { carryOut, NoAnswer, poll, within } from './poll.ts';

/** How long each thing may take. No undo is ever waited for without an end. */
const limits = {
  /** A driver's answer. */
  answerMs: 15_000,
  /** Undo ordered → seen to have taken effect. */
  effectMs: 15_000,
  /** Node runs → answers again. */
  servingMs: 30_000,
  backoffMs: 500,
  longestBackoffMs: 5_000,
  lookEveryMs: 10,
  /** How long a node must be seen to be another's. */
  theirsMs: 5_000,
  /** An engine that gives no answer for longer than this may have stood still. */
  standstillMs: 2_000,
} as const;

/** How long an engine that does not answer is waited for: it may be restarting. */
export const patienceMs = 60_000;
/** How often an undo that is refused is tried; asking on would hardly change that. */
export const refusals = 3;

export interface Undoing {
  readonly clock: Clock;
  readonly hands: Hands;
  /** Whether the node answers, asked of the node itself. */
  readonly serves: (node: string) => Promise<boolean>;
  /** Whether another fault is in force on the node, so that it need not answer. */
  readonly isBeset: (node: string) => boolean;
  /** Writes the journal. That it cannot does not keep a fault from being undone. */
  readonly write: (state: FaultState, detail?: string) => Promise<void>;
  /** Warns of something in log and journal. */
  readonly warn: (message: string) => Promise<void>;
  /** Until when to try again, on the clock; at least one try is made. */
  readonly untilMs: number;
  /** How many refusals to take before that. */
  readonly refusals: number;
}

interface Look {
  readonly standing: Standing;
  readonly evidence: string;
  /** True where there is no such node any more. */
  readonly isGone?: boolean;
}

/**
 * Undoes one fault, by comparing what the journal knows of it with what is there now. What is another's doing is left
 * alone: the fault is `superseded` then. Resolves to the wait until its node serves again, which is not begun yet:
 * whoever has more to undo does that first.
 * @throws Error saying why it could not be undone; the wait too
 */
export async function undoFault(fault: JournaledFault, undoing: Undoing): Promise<() => Promise<void>> {
  const { clock, untilMs } = undoing;
  let known = fault;
  await tell(undoing, 'undo_requested');
  let refused = 0;
  for (
    let backoffMs: number = limits.backoffMs;
    ;
    backoffMs = Math.min(2 * backoffMs, limits.longestBackoffMs)
  ) {
    try {
      let now = await settled(known, undoing);
      if (now.standing === 'not_in_force' && isOthersUndo(known))
        await undoing.warn(undoneByOthers(known, now)).catch(() => {});
      if (now.standing === 'in_force') {
        // From here on a new incarnation of the node is ours, also where this try comes to nothing.
        known = { ...known, undoOrdered: true };
        now = await orderUndo(known, undoing);
      }
      if (now.standing === 'theirs') now = await stillTheirs(now, known, undoing);
      const { standing, evidence } = now;
      if (standing === 'in_force') {
        if (clock.now() > untilMs) throw new Error('somebody else has a hand in it, again and again');
        continue;
      }
      await tell(undoing, standing === 'theirs' ? 'superseded' : 'undone', evidence);
      return standing === 'theirs' ? () => Promise.resolve() : () => verify(known, undoing);
    } catch (error) {
      if (!isSilence(error)) refused += 1;
      if (refused >= undoing.refusals || clock.now() + backoffMs > untilMs) throw error;
      await sleep(clock, backoffMs);
    }
  }
}

/** Whether it takes somebody to end a fault that took effect: what is put beside a node goes with a restart, ours too. */
function isOthersUndo({ wasEffective, undoOrdered, means }: JournaledFault): boolean {
  return wasEffective && !undoOrdered && means === null;
}

function undoneByOthers({ spec, node }: JournaledFault, { evidence }: Look): string {
  const first = `${spec.kind} ${node} was undone by somebody else, or by a restart policy, first`;
  return `${first}: the node was running already (${evidence})`;
}

/**
 * An engine that restarts ends its containers, paused ones too, and starts them again by their restart policy: what it
 * shows in between is nobody's doing. So a node counts as another's only once it has stood like that for a while.
 */
async function stillTheirs(first: Look, fault: JournaledFault, undoing: Undoing): Promise<Look> {
  if (first.isGone === true) return first;
  const { clock, untilMs } = undoing;
  // Counted anew from its next answer where the engine gives none.
  let sinceMs: number | null = clock.now();
  for (;;) {
    await sleep(clock, limits.lookEveryMs);
    const now = await look(fault, undoing).catch((error: unknown) => {
      if (clock.now() > untilMs) throw error;
    });
    if (now !== undefined && (now.standing !== 'theirs' || now.isGone === true)) return now;
    sinceMs = now === undefined ? null : (sinceMs ?? clock.now());
    if (now !== undefined && sinceMs !== null && clock.now() - sinceMs >= limits.theirsMs) return now;
  }
}

const silences: readonly ErrorCode[] = ['docker-unreachable', 'toxiproxy-unreachable'];

/** Whether nobody answered, rather than that somebody refused. */
function isSilence(error: unknown): boolean {
  if (error instanceof NoAnswer) return true;
  return error instanceof OrchError && silences.includes(error.code);
}

/** Orders the undo. Resolves to how the fault stands then: no more in force, or another's. */
async function orderUndo(fault: JournaledFault, undoing: Undoing): Promise<Look> {
  const { clock, hands } = undoing;
  const kind = faults[fault.spec.kind];
  const { seen, accepted } = await carryOut({
    clock,
    lookEveryMs: limits.lookEveryMs,
    order: answered(undoing, kind.undo(hands, fault)),
    effectMs: limits.effectMs,
    look: async () => {
      const now = await look(fault, undoing);
      return now.standing === 'in_force' ? undefined : now;
    },
  });
  if (seen !== undefined) return seen;
  const error = await accepted;
  const limitSec = limits.effectMs / 1000;
  throw error ?? new Error(`${kind.undoneBy} had no effect within ${limitSec} s`);
}

/**
 * How a fault stands. One that was never seen to take effect may still be on its way, in an engine that is slow or
 * that has stood still: it is watched for a while, from the engine's first answer on. An engine that stands still
 * meanwhile holds the order back for as long, so that the while begins anew with its next answer.
 * @throws Error where the engine did not answer steadily for that long until the time was up
 */
async function settled(fault: JournaledFault, undoing: Undoing): Promise<Look> {
  const { clock, untilMs } = undoing;
  const first = await look(fault, undoing);
  if (fault.wasEffective || first.standing !== 'not_in_force') return first;
  let answeredMs = clock.now();
  let endMs = answeredMs + fault.note.settle_ms;
  for (;;) {
    await sleep(clock, limits.lookEveryMs);
    const askedMs = clock.now();
    const now = await look(fault, undoing).catch((error: unknown) => {
      if (clock.now() > untilMs) throw error;
    });
    if (now === undefined) continue;
    if (now.standing !== 'not_in_force') return now;
    const stoodStill = clock.now() - answeredMs > limits.standstillMs;
    answeredMs = clock.now();
    if (stoodStill && answeredMs > untilMs)
      throw new Error('the engine stands still: it may yet take effect');
    if (stoodStill) endMs = answeredMs + fault.note.settle_ms;
    else if (askedMs >= endMs) return now;
  }
}

async function look(fault: JournaledFault, undoing: Undoing): Promise<Look> {
  const { spec, undoOrdered } = fault;
  const { incarnation } = fault.note;
  try {
    const now: Seen = await answered(undoing, faults[spec.kind].look(undoing.hands, fault));
    const standing = faults[spec.kind].standing({ incarnation, undoOrdered }, now);
    if (standing !== 'theirs') return { standing, evidence: now.evidence };
    return {
      standing,
      evidence: `it was disturbed by somebody else since, and is left as it is: ${now.evidence}`,
    };
  } catch (error) {
    if (error instanceof NodeGone) return { standing: 'theirs', evidence: messageOf(error), isGone: true };
    throw error;
  }
}

async function verify(fault: JournaledFault, undoing: Undoing): Promise<void> {
  const { clock, serves, isBeset } = undoing;
  if (isBeset(fault.node)) return tell(undoing, 'verified', 'another fault is still in force on the node');
  const options = { clock, everyMs: limits.lookEveryMs, limitMs: limits.servingMs };
  const serving = await poll(options, async () => ((await serves(fault.node)) ? true : undefined));
  if (serving !== undefined) return tell(undoing, 'verified', 'the node answers');
  // It may be somebody else who keeps it from answering.
  const now = await look(fault, undoing).catch(() => undefined);
  if (now?.standing === 'theirs') return tell(undoing, 'superseded', now.evidence);
  throw new Error(`it runs again, but did not answer within ${limits.servingMs / 1000} s`);
}

function answered<T>({ clock, hands }: Undoing, asked: Promise<T>): Promise<T> {
  return within(clock, limits.answerMs, asked, `the ${hands.driver.name} driver did not answer`);
}

async function tell({ write }: Undoing, state: FaultState, detail?: string): Promise<void> {
  await write(state, detail).catch(() => {});
}
