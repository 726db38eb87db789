import { endLeftOver } from '../control/left-over.ts';
import type { Clock } from '../clock/clock.ts';
import type { Rescuer, RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { countOutcomes } from '../store/count-outcomes.ts';
import { discardRunDir, isMereClaim, removeTemporaries } from '../store/create-run.ts';
import { readEvents } from '../store/events-reader.ts';
import { EventsWriter } from '../store/events-writer.ts';
import { replaceJson } from '../store/json-file.ts';
import { readManifest } from '../store/manifest-reader.ts';
import type { RunDir } from '../store/run-dir.ts';
import { openFaults } from './fault-life.ts';
import { Journal } from './journal.ts';
import { type Settled, undoJournaled, type UndoJournaledOptions } from './undo-journaled.ts';

export interface RescueOptions extends Pick<UndoJournaledOptions, 'patienceMs' | 'reach'> {
  readonly dir: RunDir;
  readonly clock: Clock;
  readonly by: Rescuer;
  /** Why the run did not come to its own end, as a clause. */
  readonly why: string;
}

/** What was found and done, in sentences for people. */
export interface Rescued {
  readonly runId: string;
  /** True where the run had not come to its own end. */
  readonly wasCutOff: boolean;
  /** False where nothing was measured nor disturbed yet; then its directory was taken back. */
  readonly hadBegun: boolean;
  readonly undone: readonly string[];
  /** What was left alone, as it is somebody else's now. */
  readonly superseded: readonly string[];
  /** Embedded nodes that were ended. */
  readonly ended: readonly string[];
  readonly stillBroken: readonly string[];
}

/**
 * Puts a run in order whose own process could not: ends the embedded nodes that are left, undoes what its journal shows
 * open, the last fault first, and finishes the event log and the manifest. It may be done as often as one likes.
 * The caller holds the run's lock.
 */
export async function rescue(options: RescueOptions): Promise<Rescued> {
  const { dir, clock } = options;
  const { manifest } = await readManifest(dir.manifest);
  const { events } = await readEvents(dir.events);
  const open = openFaults(events);
  const wasCutOff = manifest?.status === 'running';
  const rescued = toldOf([], dir, wasCutOff, await endLeftOver(dir.nodes));
  if (manifest === null ? await isMereClaim(dir) : wasCutOff && events.length === 0) {
    await discardRunDir(dir);
    return { ...rescued, wasCutOff: true, hadBegun: false };
  }
  if (wasCutOff) await removeTemporaries(dir);
  if (open.length === 0 && !wasCutOff && (manifest?.still_broken ?? []).length === 0) return rescued;
  const sink = await EventsWriter.continue(dir.events);
  const journal = continuedJournal(sink, events, clock);
  const settled = await undoJournaled(open, { ...options, journal, manifest });
  const { stillBroken, ...rest } = toldOf(settled, dir, wasCutOff, rescued.ended);
  if (!events.some(({ type }) => type === 'run_ended')) {
    await journal
      .write({ type: 'run_ended', status: 'interrupted', reason: cutOff(options) })
      .catch(() => {});
  }
  await sink.close();
  if (manifest !== null) await replaceJson(dir.manifest, await finished(manifest, stillBroken, options));
  return { ...rest, stillBroken };
}

/** The journal of a run by another process's clock: the events that there are say when the run's read 0. */
function continuedJournal(sink: EventsWriter, events: readonly RunEvent[], clock: Clock): Journal {
  const [first] = events;
  const zeroMs = first === undefined ? clock.wall() : first.wall_sec * 1000 - first.run_ms;
  const startMs = clock.now() - (clock.wall() - zeroMs);
  return new Journal({ clock, startMs, sink, overtimeMs: 0, onEvent: () => {} });
}

function toldOf(
  settled: readonly Settled[],
  dir: RunDir,
  wasCutOff: boolean,
  ended: readonly string[],
): Rescued {
  const of = (state: Settled['state']) =>
    settled.filter((one) => one.state === state).map(({ text }) => text);
  return {
    runId: dir.id,
    wasCutOff,
    hadBegun: true,
    undone: of('verified'),
    superseded: of('superseded'),
    ended,
    stillBroken: of('undo_failed'),
  };
}

async function finished(
  manifest: Manifest,
  stillBroken: readonly string[],
  options: RescueOptions,
): Promise<Manifest> {
  if (manifest.status !== 'running') return { ...manifest, still_broken: stillBroken };
  return {
    ...manifest,
    status: 'interrupted',
    reason: cutOff(options),
    ended_at_sec: options.clock.wall() / 1000,
    counts: await countOutcomes(options.dir),
    still_broken: stillBroken,
  };
}

function cutOff({ why, by }: RescueOptions): string {
  return `cut off: ${why}; ${by === 'guardian' ? 'its guardian' : '`orch recover`'} cleaned up`;
}
