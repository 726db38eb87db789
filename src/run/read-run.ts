import { OrchError } from '../model/errors.ts';
import type { RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';
import { readEvents } from '../store/events-reader.ts';
import { readManifest } from '../store/manifest-reader.ts';
import { metricsPath } from '../store/metrics-reader-file.ts';
import type { RunDir } from '../store/run-dir.ts';

/** What is known of a run from before its directory was removed. */
export interface Known {
  readonly events: readonly RunEvent[];
  readonly manifest: Manifest | null;
}

/** What a run's directory tells of it, for whoever puts it in order. */
export interface RunReading extends Known {
  /** True where nothing but rows, of another origin, stands there. */
  readonly isForeign: boolean;
  readonly hasJournal: boolean;
  /** Why the journal may not tell of every fault, as a clause; null where it does. */
  readonly doubt: string | null;
  /** What could not be read, as sentences. */
  readonly problems: readonly string[];
}

/**
 * Reads manifest and journal. What was known before is used in place of a journal that is no more.
 * @throws OrchError `no-permission`, `file-not-found` where one of them is a directory
 */
export async function readRun(dir: RunDir, known?: Known): Promise<RunReading> {
  try {
    const { manifest, problem } = await readManifest(dir.manifest);
    const { events, problems, isThere } = await readEvents(dir.events);
    if (events.length === 0 && known !== undefined)
      return { ...fromMemory(known, problems), manifest: manifest ?? known.manifest };
    const isForeign = manifest === null && problem === null;
    const isMissing = !isThere && !isForeign && (await hasMetrics(dir));
    const missing = isMissing ? ['its journal, events.jsonl, is missing'] : [];
    return {
      manifest,
      events,
      isForeign,
      hasJournal: isThere,
      doubt: missing[0] ?? damageOf(problems),
      problems: [...(problem === null ? [] : [problem]), ...problems, ...missing],
    };
  } catch (error) {
    if (known === undefined || !(error instanceof OrchError)) throw error;
    return fromMemory(known, [error.message]);
  }
}

function fromMemory(known: Known, problems: readonly string[]): RunReading {
  return { ...known, isForeign: false, hasJournal: false, doubt: damageOf(problems), problems };
}

/** A last line that was cut off says nothing, as nothing is done before its line is whole. */
function damageOf(problems: readonly string[]): string | null {
  const damaged = problems.find((problem) => !problem.endsWith(' is cut off'));
  return damaged === undefined ? null : `the journal is damaged (${damaged})`;
}

/** A run makes its file of rows after its journal: where there is one, there was the other. */
function hasMetrics(dir: RunDir): Promise<boolean> {
  return metricsPath(dir).then(
    () => true,
    () => false,
  );
}

/**
 * What a journal that is damaged or missing may have said of containers: that they are well is for somebody to see. A run
 * that came to its own end with nothing broken has said so in its manifest.
 */
export function unknownFaults({ manifest, events, isForeign, doubt }: RunReading): readonly string[] {
  if (doubt === null) return [];
  if (manifest !== null && manifest.status !== 'running' && manifest.still_broken.length === 0) return [];
  const driver = manifest?.driver.name ?? events.find((event) => event.type === 'run_started')?.driver;
  if (driver === undefined ? isForeign : driver !== 'docker') return [];
  const nodes = (manifest?.nodes ?? []).filter(({ managed }) => managed).map(({ name }) => name);
  const well = nodes.length === 0 ? 'its nodes' : nodes.join(', ');
  return [`${doubt}: see that ${well} are well, then remove the run’s directory`];
}
