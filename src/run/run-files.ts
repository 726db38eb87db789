import { tracesOf } from '../model/trace-context.ts';
import type { OrchError } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { discardRunDir } from '../store/create-run.ts';
import { EventsWriter } from '../store/events-writer.ts';
import { ioError } from '../store/io-error.ts';
import { replaceJson } from '../store/json-file.ts';
import { LedgerWriter } from '../store/ledger-writer.ts';
import { MetricsWriter } from '../store/metrics-writer.ts';
import type { RunDir } from '../store/run-dir.ts';

export interface RunFilesOptions {
  readonly dir: RunDir;
  /** What the manifest says while the run goes. */
  readonly started: Manifest;
  /** The Unix time in milliseconds at which the run's clock reads 0. */
  readonly startWallMs: number;
  /** Whether checks write something of their own. */
  readonly writes: boolean;
  /** Told of the first row that could not be written. */
  readonly onError: (error: OrchError) => void;
}

/** The files of a run while it goes: opened together, closed together. */
export class RunFiles {
  readonly events: EventsWriter;
  readonly metrics: MetricsWriter;
  /** Null where nothing is written but load. */
  readonly writes: LedgerWriter | null;
  readonly #dir: RunDir;

  private constructor(
    dir: RunDir,
    events: EventsWriter,
    metrics: MetricsWriter,
    writes: LedgerWriter | null,
  ) {
    this.#dir = dir;
    this.events = events;
    this.metrics = metrics;
    this.writes = writes;
  }

  /** @throws OrchError `disk-full`, `no-permission`, `write-failed`; then there is no run, and its directory is taken back */
  static async open({ dir, started, startWallMs, writes, onError }: RunFilesOptions): Promise<RunFiles> {
    try {
      await replaceJson(dir.manifest, started);
      const events = await EventsWriter.create(dir.events);
      const metrics = await MetricsWriter.create(dir.metrics, {
        startWallMs,
        traces: tracesOf(started.config),
        onError,
      });
      const ledger = writes ? await LedgerWriter.create(dir.writes, onError) : null;
      return new RunFiles(dir, events, metrics, ledger);
    } catch (error) {
      await discardRunDir(dir);
      throw error;
    }
  }

  /** Puts every row and event on the disk. Returns the first error there was with rows; never rejects. */
  async close(): Promise<OrchError | null> {
    await this.events.close();
    await this.writes?.close();
    return this.metrics.close();
  }

  /** Returns the error where the last manifest could not be written; never rejects. */
  async save(manifest: Manifest): Promise<OrchError | null> {
    try {
      await replaceJson(this.#dir.manifest, manifest);
      return null;
    } catch (error) {
      return ioError(error, this.#dir.manifest, 'writing');
    }
  }
}
