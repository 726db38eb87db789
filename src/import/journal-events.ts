import type { FaultEvent, FaultState, RunEvent } from '../model/event.ts';
import { type ActivityEntry, activityOf, entryOf } from './journal-entry.ts';

/** What the events of a run are in a journal of Chaos Toolkit. */

const injected: readonly FaultState[] = ['effective', 'ineffective', 'failed'];
const undone: readonly FaultState[] = ['verified', 'superseded', 'undo_failed', 'undone'];

/** A fault is an action of the run, its undo a rollback. */
export function faultEntries(events: readonly RunEvent[]): readonly ActivityEntry[] {
  const faults = Map.groupBy(
    events.filter((event) => event.type === 'fault'),
    ({ id }) => id,
  );
  return [...faults.values()].flatMap((life) => {
    const first = life.find(({ state }) => state === 'requested');
    const undo = life.find(({ state }) => state === 'undo_requested');
    return [
      ...(first === undefined
        ? []
        : [
            faultEntry(
              first,
              life.find(({ state }) => injected.includes(state)),
            ),
          ]),
      ...(undo === undefined
        ? []
        : [
            undoEntry(
              undo,
              life.findLast(({ state }) => undone.includes(state)),
            ),
          ]),
    ];
  });
}

function faultEntry(requested: FaultEvent, end: FaultEvent | undefined): ActivityEntry {
  const { kind, node, spec, wall_sec: startSec } = requested;
  const { kind: _, ...parameters } = spec ?? { kind };
  const settings = Object.entries(parameters).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const activity = activityOf('action', `${kind} ${node}`, [kind, node, ...settings]);
  const span = { startSec, endSec: end?.wall_sec ?? null };
  const entry = entryOf(activity, span, end?.state === 'effective', end?.detail);
  return { entry, isRollback: false, startSec };
}

function undoEntry(requested: FaultEvent, end: FaultEvent | undefined): ActivityEntry {
  const { kind, node, wall_sec: startSec } = requested;
  const activity = activityOf('action', `undo ${kind} ${node}`, ['undo', kind, node]);
  const span = { startSec, endSec: end?.wall_sec ?? null };
  const succeeded = end !== undefined && end.state !== 'undo_failed';
  const entry = entryOf(activity, span, succeeded, end?.detail ?? requested.detail);
  return { entry, isRollback: true, startSec };
}

/** A change of load is an action that takes no time. */
export function loadEntries(events: readonly RunEvent[]): readonly ActivityEntry[] {
  return events.flatMap((event) => {
    if (event.type !== 'load_changed') return [];
    const { rps, demand, nodes, wall_sec: startSec } = event;
    const name = demand ?? (rps === 0 ? 'stop load' : `load ${rps} rps`);
    const activity = activityOf('action', name, ['load', `${rps}`, ...nodes]);
    const entry = entryOf(activity, { startSec, endSec: startSec }, true, undefined);
    return [{ entry, isRollback: false, startSec }];
  });
}

/** Requests and commands are actions, or rollbacks, of their own. */
export function requestEntries(events: readonly RunEvent[]): readonly ActivityEntry[] {
  const requests = Map.groupBy(
    events.filter((event) => event.type === 'activity'),
    ({ id }) => id,
  );
  return [...requests.values()].flatMap((life) => {
    const [first] = life;
    if (first === undefined) return [];
    const { kind, what, is_rollback: isRollback, wall_sec: startSec } = first;
    const end = life.find(({ state }) => state !== 'started');
    const span = { startSec, endSec: end?.wall_sec ?? null };
    const entry = entryOf(
      activityOf('action', what, [kind, what]),
      span,
      end?.state === 'succeeded',
      end?.detail,
    );
    return [{ entry, isRollback, startSec }];
  });
}
