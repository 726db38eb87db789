import { type FileHandle, open } from 'node:fs/promises';
import type { Counts } from '../model/analysis.ts';
import { errnoOf, OrchError } from '../model/errors.ts';
import type { RequestRecord } from '../model/record.ts';
import { metricsColumns } from './columns.ts';
import { csvRow } from './csv-row.ts';
import { ioError } from './io-error.ts';
import { RowBatch } from './row-batch.ts';

export interface MetricsWriterOptions {
  /** The Unix time in milliseconds at which the run's clock read 0. */
  readonly startWallMs: number;
  /** Told once, of the first error, as soon as it is met. Must not throw. */
  readonly onError: (error: OrchError) => void;
  /** Rows wait in two buffers of this size: one being filled, one being written. */
  readonly bufferBytes?: number;
}

const flushMs = 250;

/**
 * Appends records to metrics.csv. `append` only formats them; the rows reach the kernel in the background, within about
 * a quarter of a second, one write at a time. If they cannot, because the disk is full, or too slow for the buffers, no
 * more are taken and those that are lost are counted; the file still ends with a whole row.
 */
export class MetricsWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #options: MetricsWriterOptions;
  readonly #counts = { due: 0, ok: 0, fail: 0, unknown: 0, dropped: 0 };
  #filling: RowBatch;
  #spare: RowBatch;
  /** What the file holds in whole rows. */
  #sizeBytes: number;
  #lostRows = 0;
  #error: OrchError | null = null;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  /** Over a file that is open for writing at its end, `sizeBytes` from its start. */
  constructor(file: FileHandle, path: string, sizeBytes: number, options: MetricsWriterOptions) {
    this.#file = file;
    this.#path = path;
    this.#sizeBytes = sizeBytes;
    this.#options = options;
    this.#filling = new RowBatch(options.bufferBytes ?? 16 << 20);
    this.#spare = new RowBatch(options.bufferBytes ?? 16 << 20);
  }

  /**
   * Creates the file, with its header.
   * @throws OrchError `run-exists` if the file is there already, `disk-full`, `no-permission`, `write-failed`
   */
  static async create(path: string, options: MetricsWriterOptions): Promise<MetricsWriter> {
    const header = `${metricsColumns.join(',')}\n`;
    try {
      const file = await open(path, 'wx');
      await file.writeFile(header).catch(async (error: unknown) => {
        await file.close();
        throw error;
      });
      return new MetricsWriter(file, path, header.length, options);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw ioError(error, path, 'creating');
      throw new OrchError('run-exists', `${path} exists already`, {
        hint: 'A run is never overwritten: choose another run id.',
        cause: error,
      });
    }
  }

  /** How many records were appended, by outcome, written or not. */
  get counts(): Counts {
    return { ...this.#counts };
  }

  /** How many of the records appended so far are not in the file and never will be. */
  get lostRows(): number {
    return this.#lostRows;
  }

  /** Never throws and never waits. */
  append(record: RequestRecord): void {
    this.#counts.due += 1;
    this.#counts[record.outcome] += 1;
    if (this.#error !== null || this.#closing !== null) {
      this.#lostRows += 1;
    } else if (this.#filling.add(csvRow(record, this.#options.startWallMs))) {
      this.#flushSoon();
    } else {
      this.#lostRows += 1;
      this.#fail(
        new OrchError('write-failed', `writing ${this.#path} is too slow: ${this.#filling.rows} rows wait`, {
          hint: 'Put the runs on a faster disk with --runs DIR, or lower the rate.',
        }),
      );
    }
  }

  /** Writes what waits, puts it all on the disk and closes the file. Returns the first error there was; never rejects. */
  async close(): Promise<OrchError | null> {
    this.#closing ??= this.#finish();
    await this.#closing;
    return this.#error;
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flushing ??= this.#flush();
    }, flushMs);
  }

  async #flush(): Promise<void> {
    const batch = this.#filling;
    this.#filling = this.#spare;
    await this.#write(batch);
    batch.clear();
    this.#spare = batch;
    this.#flushing = null;
    if (this.#filling.rows > 0) this.#flushSoon();
  }

  async #write(batch: RowBatch): Promise<void> {
    const { bytes } = batch;
    let written = 0;
    try {
      while (written < bytes.length) {
        written += (await this.#file.write(bytes, written)).bytesWritten;
      }
      this.#sizeBytes += written;
    } catch (error) {
      const whole = batch.wholeRows(written);
      this.#lostRows += batch.rows - whole.rows + this.#filling.rows;
      this.#filling.clear();
      this.#fail(ioError(error, this.#path, 'writing'));
      // Readers can do with a last row that is cut off, too, so a failure of this changes nothing.
      if (whole.bytes < written) await this.#file.truncate(this.#sizeBytes + whole.bytes).catch(() => {});
    }
  }

  async #finish(): Promise<void> {
    await this.#flushing;
    clearTimeout(this.#timer);
    await this.#flush();
    try {
      try {
        await this.#file.sync();
      } finally {
        await this.#file.close();
      }
    } catch (error) {
      this.#fail(ioError(error, this.#path, 'writing'));
    }
  }

  #fail(error: OrchError): void {
    if (this.#error !== null) return;
    this.#error = error;
    this.#options.onError(error);
  }
}
