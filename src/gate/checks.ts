import type { FaultSpan } from '../model/analysis.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Status } from './verdict.ts';

/** Something that a run had to come to by itself. */
export interface RunCheck {
  readonly of: 'fault' | 'undo' | 'steady_state';
  readonly name: string;
  /** `skipped` where there was nothing to be done. */
  readonly status: Status | 'skipped';
  /** What was seen, as a clause. */
  readonly why: string;
}

/** Whether each fault took effect and was undone, and what else is not as it is to be when all is over. */
export function runChecks(faults: readonly FaultSpan[], manifest: Manifest | null): readonly RunCheck[] {
  const left = faults.some((fault) => fault.undo_failed) ? [] : (manifest?.still_broken ?? []);
  return [
    ...faults.flatMap((fault) => [effectOf(fault), undoOf(fault)]),
    ...left.map((what) => ({ of: 'undo', name: what, status: 'failed', why: 'it is still broken' }) as const),
    ...(manifest?.lost_steady_state ?? []).map(
      (name) => ({ of: 'steady_state', name, status: 'failed', why: 'it does not hold any more' }) as const,
    ),
  ];
}

function effectOf(fault: FaultSpan): RunCheck {
  const seen =
    fault.effective_sec === null
      ? ({ status: 'inconclusive', why: 'no effect of it was seen' } as const)
      : ({
          status: 'passed',
          why: `it was seen after ${between(fault.requested_sec, fault.effective_sec)}`,
        } as const);
  return { of: 'fault', name: `${nameOf(fault)} takes effect`, ...seen };
}

function undoOf(fault: FaultSpan): RunCheck {
  return { of: 'undo', name: `${nameOf(fault)} is undone`, ...undoSeen(fault) };
}

function undoSeen(fault: FaultSpan): Pick<RunCheck, 'status' | 'why'> {
  const { effective_sec: effective, undone_sec: undone, verified_sec: verified, undo_failed: failed } = fault;
  if (failed) return { status: 'failed', why: 'it could not be undone' };
  if (verified !== null) return { status: 'passed', why: `its node served again ${tookOf(fault, verified)}` };
  if (undone !== null)
    return { status: 'inconclusive', why: 'its node was not seen to serve again afterwards' };
  if (effective === null) return { status: 'skipped', why: 'there was nothing to undo' };
  return { status: 'inconclusive', why: 'it was not undone yet' };
}

function tookOf(
  { requested_sec: requested, undo_requested_sec: undoRequested }: FaultSpan,
  sec: number,
): string {
  return undoRequested === null
    ? `${between(requested, sec)} after the fault was requested`
    : `${between(undoRequested, sec)} after its undo was requested`;
}

function between(fromSec: number, toSec: number): string {
  return `${(toSec - fromSec).toFixed(2)} s`;
}

function nameOf({ id, kind, node }: FaultSpan): string {
  return `${id} (${kind} ${node})`;
}
