import { OrchError } from '../../model/errors.ts';
import type { FaultState, RunEvent } from '../../model/event.ts';
import type { RunOutcome } from '../../run/coordinator.ts';
import type { Settled } from '../../run/undo-journaled.ts';
import type { Stage } from './stage.ts';

/** Every node that nobody else laid hands on runs and serves as before, and nothing of ours is left beside any. */
export function checkWorld({ world, timeline }: Stage, when: string): void {
  for (const node of world.names) {
    if (world.isTouched(node) || world.serves(node)) continue;
    timeline.violated(`${when}, ${node} does not serve: it is ${world.stateOf(node)}`);
  }
  for (const rule of world.rules) timeline.violated(`${when}, rule ${rule} is left`);
}

/** What a run says of itself is what happened. */
export function checkOutcome({ witness, timeline, circumstances }: Stage, outcome: RunOutcome): void {
  const { faults } = witness;
  const { status, reason, error, conclusive, undoFailures } = outcome;
  const notUndone = faults.filter(({ states }) => states.at(-1) === 'undo_failed');
  const saw = (state: FaultState) => faults.some(({ states }) => states.includes(state));
  if (undoFailures.length !== notUndone.length) {
    timeline.violated(`${notUndone.length} faults could not be undone, ${undoFailures.length} are told`);
  }
  for (const { node, id } of notUndone) {
    if (!undoFailures.some((text) => text.startsWith(`${node} `))) timeline.violated(`${id} is not told`);
  }
  for (const { id, states, isInjected } of faults) {
    if (isInjected && !states.includes('effective') && conclusive)
      timeline.violated(`${id} had no effect, but the run is conclusive`);
    const end = states.at(-1);
    if (end !== 'verified' && end !== 'superseded' && end !== 'undo_failed')
      timeline.violated(`${id} was left ${end}`);
  }
  if (saw('superseded') && conclusive) timeline.violated('somebody interfered, but the run is conclusive');
  if (circumstances.interruptMs === null && status === 'interrupted')
    timeline.violated('nobody interrupted it');
  if (status === 'interrupted' && reason !== 'SIGINT') timeline.violated(`interrupted by ${reason}`);
  const { troubles } = witness;
  const [first] = troubles;
  if (first === 'fault' && !troubles.includes('interrupt') && codeOf(error) !== 'fault-failed')
    timeline.violated(`the first error was hidden by ${reason}`);
  if (first === 'interrupt' && status === 'complete')
    timeline.violated('it was interrupted, and is complete');
  const wasStuck = faults.some(({ states }) => states.includes('undo_failed'));
  if (reason?.endsWith('is not undone yet') === true && !wasStuck)
    timeline.violated(`a fault did not wait for another to end: ${reason}`);
  const isTold = ['fault-failed', 'disk-full'].includes(codeOf(error) ?? '');
  if (status === 'failed' && !isTold) timeline.violated(`it failed for ${String(error)}`);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof OrchError ? error.code : undefined;
}

/** Whoever cleans up sees to every fault that is open, and says of each how it stands. */
export function checkRescue({ timeline }: Stage, open: number, settled: readonly Settled[]): void {
  if (settled.length !== open) timeline.violated(`${open} faults were open, ${settled.length} were seen to`);
  for (const { state, text } of settled) {
    if (!['verified', 'superseded', 'undo_failed'].includes(state))
      timeline.violated(`${text} was left ${state}`);
  }
}

/** Of those that count, the fault that was begun last is undone first. */
export function checkReverse(
  { timeline, disk }: Stage,
  events: readonly RunEvent[],
  counts: (id: string) => boolean,
): void {
  const idsOf = (among: readonly RunEvent[], state: FaultState) =>
    among.flatMap((event) => (event.type === 'fault' && event.state === state ? [event.id] : []));
  const begun = idsOf(disk.events, 'requested');
  const undone = idsOf(events, 'undo_requested').filter(counts);
  const places = undone.map((id) => begun.indexOf(id));
  if (places.some((place, index) => place >= (places[index - 1] ?? Number.POSITIVE_INFINITY))) {
    timeline.violated(`undone in the order ${undone.join(', ')}`);
  }
}
