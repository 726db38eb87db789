import { endLeftOver } from '../control/process/left-over.ts';
import { removeProxies, type RemovedProxies } from '../proxy/toxiproxy/left-over.ts';
import type { Clock } from '../clock/clock.ts';
import { messageOf } from '../model/errors.ts';
import type { Rescuer, RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { countOutcomes } from '../store/count-outcomes.ts';
import { discardRunDir, isMereClaim, removeTemporaries } from '../store/create-run.ts';
import { EventsWriter } from '../store/events-writer.ts';
import { replaceJson } from '../store/json-file.ts';
import type { RunDir } from '../store/run-dir.ts';
import { type LateRead, readBackLate } from '../writes/read-back-late.ts';
import { type JournaledFault, openFaults } from './fault-life.ts';
import { type EventSink, Journal } from './journal.ts';
import { holdNodes } from './locks.ts';
import { type Known, readRun, type RunReading, unknownFaults } from './read-run.ts';
import { type Reach, type Settled, undoJournaled, type UndoJournaledOptions } from './undo-journaled.ts';
import { writesNote } from './writes-text.ts';

export interface RescueOptions extends Pick<UndoJournaledOptions, 'patienceMs' | 'refusals'> {
  readonly dir: RunDir;
  readonly clock: Clock;
  readonly by: Rescuer;
  /** The process that rescues. */
  readonly pid: number;
  /** Why the run did not come to its own end, as a clause. */
  readonly why: string;
  readonly reach: (
    ...asked: [...Parameters<UndoJournaledOptions['reach']>, runPath: string]
  ) => Promise<Reach>;
  /** Takes away what a killed run left that belongs to no fault: containers that it made for a look. */
  readonly tidy: (manifest: Manifest, runPath: string) => Promise<void>;
  /** Used where the directory holds no journal any more. */
  readonly known?: Known | undefined;
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
  /** Embedded nodes that were ended, and proxies of a Toxiproxy server that were removed. */
  readonly ended: readonly string[];
  readonly stillBroken: readonly string[];
  /** What came of its writes, where it checked them and they were read back now. */
  readonly writes: readonly string[];
  /** What else went wrong, as sentences: lines that cannot be read, a file that cannot be written. */
  readonly problems: readonly string[];
}

/**
 * Puts a run in order whose own process could not: ends the embedded nodes that are left, undoes what its journal shows
 * open, the last fault first, and finishes the event log and the manifest. It may be done as often as one likes.
 * The caller holds the run's lock; those of the nodes are taken here.
 * @throws OrchError `run-active` where another run uses the nodes by now
 */
export async function rescue(options: RescueOptions): Promise<Rescued> {
  const { dir, clock, by, pid } = options;
  const reading = await readRun(dir, options.known);
  const { manifest, events, problems, doubt } = reading;
  const open = openFaults(events);
  const wasCutOff = manifest?.status === 'running';
  const rescued: Rescued = {
    runId: dir.id,
    wasCutOff,
    hadBegun: true,
    undone: [],
    superseded: [],
    stillBroken: [],
    writes: [],
    problems,
    ended: isEmbedded(manifest, events) ? await endLeftOver(dir.nodes) : [],
  };
  if (doubt === null && (await hadNotBegun(dir, manifest, events))) {
    const { removed, left, untidy } = await tidied(manifest, options);
    const cleared = { ...rescued, ended: [...rescued.ended, ...removed], problems: [...problems, ...untidy] };
    // What is left of it is known from its directory alone.
    if (left.length > 0) return { ...cleared, wasCutOff: false, stillBroken: left };
    await discardRunDir(dir);
    return { ...cleared, wasCutOff: true, hadBegun: false };
  }
  if (wasCutOff) await removeTemporaries(dir);
  const unknown = unknownFaults(reading);
  const wasBroken = unknown.length > 0 || (manifest?.still_broken ?? []).length > 0;
  if (open.length === 0 && !wasCutOff && !wasBroken) return rescued;
  const held = await holdNodes(open.length === 0 ? [] : (manifest?.locks ?? []), {
    clock,
    waitMs: options.patienceMs,
    owner: { role: by, pid, run_id: dir.id },
  });
  try {
    return await finish(options, reading, open, { ...rescued, stillBroken: unknown });
  } finally {
    await held.release();
  }
}

async function finish(
  options: RescueOptions,
  { manifest, events, hasJournal }: RunReading,
  open: readonly JournaledFault[],
  rescued: Rescued,
): Promise<Rescued> {
  const { dir, clock } = options;
  const sink = await continuedSink(dir.events);
  const journal = continuedJournal(sink, events, clock);
  const reach: UndoJournaledOptions['reach'] = (...asked) => options.reach(...asked, dir.path);
  const settled = await undoJournaled(open, { ...options, reach, journal, manifest });
  const of = (state: Settled['state']) =>
    settled.filter((one) => one.state === state).map(({ text }) => text);
  // After the faults, as what is undone on a proxy is looked for there.
  const { removed, left, untidy } = await tidied(manifest, options);
  const stillBroken = [...of('undo_failed'), ...left, ...rescued.stillBroken];
  const ended = [...rescued.ended, ...removed];
  // What was undone, and what was not, is worth more than the run's files.
  const problems = [...rescued.problems, ...untidy];
  const keep = (error: unknown) => void problems.push(messageOf(error));
  // What was undone may have brought back the nodes that hold them.
  const late = rescued.wasCutOff && manifest !== null ? await readBackLate({ dir, manifest, clock }) : null;
  const writes = lateNotes(late);
  if (late !== null && 'why' in late) problems.push(`its writes were not read back: ${late.why}`);
  for (const note of writes) if (hasJournal) await journal.write({ type: 'note', ...note }).catch(keep);
  if (hasJournal && !events.some(({ type }) => type === 'run_ended')) {
    const reason = cutOff(options);
    await journal.write({ type: 'run_ended', status: 'interrupted', reason }).catch(keep);
  }
  if (manifest !== null) {
    const last = await finished({ ...manifest, ...lateFields(late) }, stillBroken, options);
    await replaceJson(dir.manifest, last).catch(keep);
  }
  await sink.close();
  return {
    ...rescued,
    undone: of('verified'),
    superseded: of('superseded'),
    ended,
    stillBroken,
    writes: writes.map(({ message }) => message),
    problems,
  };
}

function lateNotes(late: LateRead | null): readonly ReturnType<typeof writesNote>[] {
  return late !== null && 'correctness' in late ? late.correctness.checks.map(writesNote) : [];
}

function lateFields(late: LateRead | null): Pick<Manifest, 'correctness' | 'correctness_reason'> {
  if (late === null) return {};
  return 'why' in late ? { correctness_reason: late.why } : { correctness: late.correctness };
}

const nothing: RemovedProxies = { removed: [], left: [] };

/**
 * Removes what outlives the run beside its faults: proxies, and what its driver has left. After the undoing, for which an
 * engine is waited for. What went wrong keeps nothing else from being put in order, and is told.
 */
async function tidied(
  manifest: Manifest | null,
  options: RescueOptions,
): Promise<RemovedProxies & { readonly untidy: readonly string[] }> {
  if (manifest === null) return { ...nothing, untidy: [] };
  const { proxies } = manifest;
  const ofProxies = proxies === undefined ? nothing : await removeProxies(proxies, options);
  const untidy = await options.tidy(manifest, options.dir.path).then(
    () => [],
    (error: unknown) => [messageOf(error)],
  );
  return { ...ofProxies, untidy };
}

/** Whether nothing was measured, and nothing disturbed. A run of another origin has no manifest either, but rows. */
async function hadNotBegun(
  dir: RunDir,
  manifest: Manifest | null,
  events: readonly RunEvent[],
): Promise<boolean> {
  if (manifest === null) return isMereClaim(dir);
  return manifest.status === 'running' && events.length === 0 && (await countOutcomes(dir)).due === 0;
}

/** Whether the run's nodes were processes of its own: only then is a directory of homes ours to clear. */
function isEmbedded(manifest: Manifest | null, events: readonly RunEvent[]): boolean {
  const started = events.find((event) => event.type === 'run_started');
  return (manifest?.driver.name ?? started?.driver) === 'process';
}

/** A journal that cannot be written any more, on a disk that has become read-only for example, keeps nothing from being undone. */
async function continuedSink(path: string): Promise<EventSink & { close(): Promise<void> }> {
  try {
    return await EventsWriter.continue(path);
  } catch (error) {
    return { append: () => Promise.reject(error), close: () => Promise.resolve() };
  }
}

/** The journal of a run by another process's clock: the events that there are say when the run's read 0. */
function continuedJournal(sink: EventSink, events: readonly RunEvent[], clock: Clock): Journal {
  const [first] = events;
  const zeroMs = first === undefined ? clock.wall() : first.wall_sec * 1000 - first.run_ms;
  const startMs = clock.now() - (clock.wall() - zeroMs);
  return new Journal({ clock, startMs, sink, onEvent: () => {} });
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
