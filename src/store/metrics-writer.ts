import { type FileHandle, open } from 'node:fs/promises';
import type { Counts } from '../model/analysis.ts';
import { errnoOf, OrchError } from '../model/errors.ts';
import { outcomes, type RequestRecord } from '../model/record.ts';
import { columnsOf } from './columns.ts';
import { countLines } from './count-lines.ts';
import { ioError } from './io-error.ts';
import { newline, RowRing, wholeRows } from './row-ring.ts';
import { RowWriter } from './row-writer.ts';

export interface MetricsWriterOptions {
  /** The Unix time in milliseconds at which the run's clock read 0. */
  readonly startWallMs: number;
  /** The run's half of its requests' traces; default: they have none. */
  readonly traces?: string | null;
  /** Told once, of the first error, as soon as it is met. Must not throw. */
  readonly onError: (error: OrchError) => void;
  /** Rows wait in a ring of this size, for each thread that has any. */
  readonly bufferBytes?: number;
}

const flushMs = 200;

/**
 * Writes rows to metrics.csv. They come through rings, one for each thread that has any, and reach the kernel in the
 * background, within about a quarter of a second, one write at a time. If they cannot, because the disk is full, or too
 * slow for the rings, no more are taken and those that are lost are counted; the file still ends with a whole row.
 */
export class MetricsWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #options: MetricsWriterOptions;
  readonly #rings: RowRing[] = [];
  #own: RowWriter | undefined;
  #sizeBytes: number;
  /** What of it is whole rows. */
  #wholeBytes: number;
  #error: OrchError | null = null;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  /** Over a file that is open for writing at its end, `sizeBytes` from its start. */
  constructor(file: FileHandle, path: string, sizeBytes: number, options: MetricsWriterOptions) {
    this.#file = file;
    this.#path = path;
    this.#sizeBytes = sizeBytes;
    this.#wholeBytes = sizeBytes;
    this.#options = options;
    this.#flushSoon();
  }

  /**
   * Creates the file, with its header.
   * @throws OrchError `run-exists` if the file is there already, `disk-full`, `no-permission`, `write-failed`
   */
  static async create(path: string, options: MetricsWriterOptions): Promise<MetricsWriter> {
    const header = `${columnsOf(options.traces ?? null).join(',')}\n`;
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

  /** A ring for the rows of another thread. They are to be added by the time the writer is closed. */
  ring(): RowRing {
    const ring = RowRing.ofSize(this.#options.bufferBytes ?? 16 << 20);
    if (this.#isEnding) ring.refuse();
    this.#rings.push(ring);
    return ring;
  }

  /** How many rows there were to write, by outcome, written or not. */
  get counts(): Counts {
    const counts = { due: 0, ok: 0, fail: 0, unknown: 0, dropped: 0 };
    for (const ring of this.#rings)
      for (const of of ['due', ...outcomes] as const) counts[of] += ring.counts[of];
    return counts;
  }

  /** How many of the rows so far are not in the file and never will be. */
  get lostRows(): number {
    const refused = this.#rings.reduce((rows, ring) => rows + ring.refusedRows, 0);
    return this.#error === null ? refused : refused + this.#waitingRows;
  }

  /** Adds a row of this thread. Never throws and never waits. */
  append(record: RequestRecord): void {
    this.#own ??= new RowWriter(this.ring(), this.#options.startWallMs, this.#options.traces);
    this.#own.add(record);
    if (this.#own.ring.refusedRows > 0) this.#failSlow();
  }

  /** Writes what waits, puts it all on the disk and closes the file. Returns the first error there was; never rejects. */
  async close(): Promise<OrchError | null> {
    this.#closing ??= this.#finish();
    await this.#closing;
    return this.#error;
  }

  /**
   * How many rows the file holds, counted in it.
   * @throws OrchError where it cannot be read
   */
  async countRows(): Promise<number> {
    try {
      return (await countLines(this.#path)) - 1;
    } catch (error) {
      throw ioError(error, this.#path, 'reading');
    }
  }

  get #isEnding(): boolean {
    return this.#error !== null || this.#closing !== null;
  }

  get #waitingRows(): number {
    return this.#rings.reduce((rows, ring) => rows + wholeRows(Buffer.concat(ring.waiting)).rows, 0);
  }

  #flushSoon(): void {
    this.#timer = setTimeout(() => {
      this.#flushing = this.#flush().finally(() => {
        this.#flushing = null;
        if (!this.#isEnding) this.#flushSoon();
      });
    }, flushMs).unref();
  }

  async #flush(): Promise<void> {
    for (const ring of this.#rings) {
      if (ring.refusedRows > 0) this.#failSlow();
      await this.#write(ring);
    }
  }

  async #write(ring: RowRing): Promise<void> {
    for (const bytes of ring.waiting) {
      const written = await this.#writeSome(bytes);
      const wholeBytes = bytes.subarray(0, written).lastIndexOf(newline) + 1;
      if (wholeBytes > 0) this.#wholeBytes = this.#sizeBytes + wholeBytes;
      this.#sizeBytes += written;
      ring.take(written === bytes.length ? written : wholeBytes);
      if (written === bytes.length) continue;
      // Readers can do with a last row that is cut off, too, so a failure of this changes nothing.
      await this.#file.truncate(this.#wholeBytes).catch(() => {});
      this.#sizeBytes = this.#wholeBytes;
      return;
    }
  }

  /** How many of the bytes could be written. */
  async #writeSome(bytes: Buffer): Promise<number> {
    let written = 0;
    try {
      while (written < bytes.length) written += (await this.#file.write(bytes, written)).bytesWritten;
    } catch (error) {
      this.#fail(ioError(error, this.#path, 'writing'));
    }
    return written;
  }

  async #finish(): Promise<void> {
    for (const ring of this.#rings) ring.refuse();
    clearTimeout(this.#timer);
    await this.#flushing;
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

  #failSlow(): void {
    if (this.#isEnding) return;
    this.#fail(
      new OrchError('write-failed', `writing ${this.#path} is too slow: ${this.#waitingRows} rows wait`, {
        hint: 'Put the runs on a faster disk with --runs DIR, or lower the rate.',
      }),
    );
  }

  #fail(error: OrchError): void {
    if (this.#error !== null) return;
    this.#error = error;
    for (const ring of this.#rings) ring.refuse();
    this.#options.onError(error);
  }
}
