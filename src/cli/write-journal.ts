import { experimentJournal } from '../import/journal.ts';
import { type ExitCode, exitCode } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { readEvents } from '../store/events-reader.ts';
import { replaceJson } from '../store/json-file.ts';
import type { RunDir } from '../store/run-dir.ts';
import { reportError } from './report-error.ts';
import type { World } from './world.ts';

/** How a run ended. */
interface Ended {
  readonly manifest: Manifest;
  readonly dir: RunDir;
  readonly exit: ExitCode;
}

/**
 * Writes the journal of a run, however it ended.
 * @returns The run's exit code; where the journal could not be written and all was well otherwise, that error's.
 */
export async function writeJournal(
  world: Pick<World, 'stderr'>,
  path: string,
  { manifest, dir, exit }: Ended,
): Promise<ExitCode> {
  try {
    const { events } = await readEvents(dir.events);
    await replaceJson(path, experimentJournal(manifest, events));
    return exit;
  } catch (error) {
    const failed = reportError(world, error);
    return exit === exitCode.passed ? failed : exit;
  }
}
