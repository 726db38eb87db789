import { faults } from '../fault/box.ts';
import type { FaultSpan, PhaseSpan } from '../model/analysis.ts';
import { peersOf } from '../model/fault-spec.ts';
import type { FaultEvent, FaultState, LoadChanged, RunEvent } from '../model/event.ts';

export interface LoadSpan {
  readonly start_sec: number;
  readonly end_sec: number;
}

/** What the run did, in seconds since the second of its first request. Empty for a run of another origin. */
export interface Timeline {
  readonly phases: readonly PhaseSpan[];
  readonly faults: readonly FaultSpan[];
  /** Ids of the faults that were seen to have no effect, or could not be injected. */
  readonly ineffective: readonly string[];
  /** What the run itself warned of, as sentences. */
  readonly remarks: readonly string[];
  /** When load was meant to run; null where no event tells. */
  readonly loads: readonly LoadSpan[] | null;
  /** Whether every request that was due has a row, whatever the nodes did: an open model of our own. */
  readonly isOpen: boolean;
  /** By the id of a fault: the nodes that it may show at. */
  readonly touched: ReadonlyMap<string, readonly string[]>;
}

/** @param lastSec The Unix time of the last request. */
export function timelineOf(events: readonly RunEvent[], zeroSec: number, lastSec: number): Timeline {
  const at = (wallSec: number) => Math.round((wallSec - zeroSec) * 1e6) / 1e6;
  return {
    phases: phasesOf(events, lastSec).map(({ name, start_sec, end_sec }) => ({
      name,
      start_sec: at(start_sec),
      end_sec: at(end_sec),
    })),
    faults: livesOf(events).map((life) => faultOf(life, at)),
    ineffective: events
      .filter((event) => event.type === 'fault')
      .filter(({ state }) => state === 'ineffective' || state === 'failed')
      .map(({ id }) => id),
    remarks: [...events.flatMap(remarkOf), ...livesOf(events).flatMap(rescueOf)],
    loads:
      loadsOf(events, lastSec)?.map(({ start_sec, end_sec }) => ({
        start_sec: at(start_sec),
        end_sec: at(end_sec),
      })) ?? null,
    isOpen: isOpenModel(events),
    touched: new Map(livesOf(events).map(([first]) => [first!.id, touchedBy(first!)])),
  };
}

function isOpenModel(events: readonly RunEvent[]): boolean {
  const changes = events.filter((event) => event.type === 'load_changed');
  return changes.length > 0 && changes.every(({ vus = 0 }) => vus === 0);
}

/** A partition shows at both of its ends. */
function touchedBy({ node, spec }: FaultEvent): readonly string[] {
  return [node, ...(spec === undefined ? [] : peersOf(spec))];
}

/** Whether a fault was in force until load ended for good. */
export function wasBrokenAtEnd({ faults, loads }: Timeline): boolean {
  const endSec = loads?.at(-1)?.end_sec;
  if (endSec === undefined) return false;
  return faults.some(
    ({ effective_sec, undone_sec }) =>
      effective_sec !== null && effective_sec < endSec && (undone_sec ?? Number.POSITIVE_INFINITY) >= endSec,
  );
}

function remarkOf(event: RunEvent): readonly string[] {
  if (event.type === 'note') return event.level === 'info' ? [] : [event.message];
  if (event.type !== 'fault' || event.state !== 'superseded') return [];
  return [
    `of the fault ${event.id} (${event.kind} ${event.node}) nothing was left to undo: ${event.detail ?? ''}`,
  ];
}

/** A fault that is undone in the end, but not by its run: that is in order now, and was not when it ended. */
function rescueOf(life: readonly FaultEvent[]): readonly string[] {
  const { id, kind, node, state, by } = life.at(-1)!;
  const failed = life.some((event) => event.state === 'undo_failed' && event.by === undefined);
  if (!failed || by === undefined || state !== 'verified') return [];
  const rescuer = by === 'guardian' ? 'its guardian' : '`orch recover`';
  return [`the fault ${id} (${kind} ${node}) could not be undone by the run itself; ${rescuer} did`];
}

/**
 * The phases in Unix seconds. One that was not ended lasts until the next begins, or load ends: what came after, the undo
 * of a run that was stopped, or somebody who cleaned up an hour later, is no part of it.
 * @param lastSec The Unix time of the last request.
 */
function phasesOf(events: readonly RunEvent[], lastSec: number): PhaseSpan[] {
  const phases: { name: string; start_sec: number; planned_sec: number; end_sec: number | null }[] = [];
  for (const event of events) {
    const last = phases.at(-1);
    if (last !== undefined && (event.type === 'phase_started' || event.type === 'phase_ended')) {
      last.end_sec ??= event.wall_sec;
    }
    if (event.type === 'phase_started') {
      const { phase: name, wall_sec, duration_sec } = event;
      phases.push({ name, start_sec: wall_sec, planned_sec: duration_sec, end_sec: null });
    }
  }
  const endSec = loadEndOf(events, lastSec);
  const endedSec = events.findLast(({ type }) => type === 'run_ended')?.wall_sec;
  return phases.map(({ name, start_sec, planned_sec, end_sec }) => {
    // Where the scenario itself had stopped the load, only the end of the run is known, and that no phase was to be longer.
    const idleEndSec = endedSec === undefined ? lastSec : Math.min(endedSec, start_sec + planned_sec);
    return { name, start_sec, end_sec: end_sec ?? Math.max(endSec ?? idleEndSec, start_sec) };
  });
}

/** When the load ended that was to run on; null where none was. */
function loadEndOf(events: readonly RunEvent[], lastSec: number): number | null {
  const last = events.findLast((event) => event.type === 'load_changed');
  // Load that ends with the run, and not by its scenario, ends in no phase.
  if (last === undefined || (!isLoaded(last) && last.phase !== '')) return null;
  return loadsOf(events, lastSec)?.at(-1)?.end_sec ?? null;
}

/** The phase at a Unix time, `''` outside of all; null where no event tells of any. */
export function phaseFinder(events: readonly RunEvent[]): ((timestamp: number) => string) | null {
  const phases = phasesOf(events, Number.POSITIVE_INFINITY);
  if (phases.length === 0) return null;
  return (timestamp) =>
    phases.find(({ start_sec, end_sec }) => start_sec <= timestamp && timestamp < end_sec)?.name ?? '';
}

function livesOf(events: readonly RunEvent[]): readonly (readonly FaultEvent[])[] {
  const faults = events.filter((event) => event.type === 'fault');
  return [...Map.groupBy(faults, ({ id }) => id).values()];
}

function faultOf(life: readonly FaultEvent[], at: (wallSec: number) => number): FaultSpan {
  const first = life[0]!;
  const when = (state: FaultState) => {
    const event = life.find((each) => each.state === state);
    return event === undefined ? null : at(event.wall_sec);
  };
  return {
    id: first.id,
    kind: first.kind,
    effect: first.spec === undefined ? first.kind : faults[first.kind].participle(first.spec),
    means: first.undo?.means ?? null,
    node: first.node,
    phase: first.phase,
    requested_sec: when('requested') ?? at(first.wall_sec),
    effective_sec: when('effective'),
    undo_requested_sec: when('undo_requested'),
    undone_sec: when('undone') ?? when('superseded'),
    verified_sec: when('verified'),
    // A failed undo is tried again when the run ends.
    undo_failed: life.at(-1)?.state === 'undo_failed',
  };
}

/**
 * Load in Unix seconds. The last of it ends one gap after the last request, if the event that ends it came later: in an
 * open model each request that was due has a row, whatever became of it, unless the run was cut off: see `untoldSec`.
 */
function loadsOf(events: readonly RunEvent[], lastSec: number): LoadSpan[] | null {
  const changes = events.filter((event) => event.type === 'load_changed');
  if (changes.length === 0) return null;
  const ended = events.findLast((event) => event.type === 'run_ended')?.wall_sec ?? Number.POSITIVE_INFINITY;
  return changes.flatMap((change, index) => {
    if (!isLoaded(change)) return [];
    const { rps, wall_sec } = change;
    const end = changes[index + 1]?.wall_sec ?? ended;
    const further = changes.slice(index + 1).some(isLoaded);
    const gapSec = rps === 0 ? 0 : 1 / rps;
    return { start_sec: wall_sec, end_sec: further ? end : Math.min(end, lastSec + gapSec) };
  });
}

function isLoaded({ rps, vus = 0 }: LoadChanged): boolean {
  return rps > 0 || vus > 0;
}
