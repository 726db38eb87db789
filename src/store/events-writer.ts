import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RunEvent } from '../model/event.ts';
import { ioError } from './io-error.ts';

/** Appends to events.jsonl, one event a line, in the order of the calls. */
export class EventsWriter {
  readonly #path: string;
  readonly #file: FileHandle;
  #last: Promise<void> = Promise.resolve();
  /** True where the last line may have been written in part only, as on a disk that filled up. */
  #isTorn = false;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** @throws OrchError `disk-full`, `no-permission`, `write-failed` */
  static async create(path: string): Promise<EventsWriter> {
    try {
      const file = await open(path, 'ax');
      await syncDirectory(dirname(path));
      return new EventsWriter(path, file);
    } catch (error) {
      throw ioError(error, path, 'creating');
    }
  }

  /**
   * Goes on where another process has stopped writing. A last line that it could not finish is taken off: it says nothing.
   * @throws OrchError `disk-full`, `no-permission`, `write-failed`
   */
  static async continue(path: string): Promise<EventsWriter> {
    try {
      const text = await readFile(path);
      await truncate(path, text.lastIndexOf('\n') + 1);
    } catch (error) {
      throw ioError(error, path, 'repairing');
    }
    return EventsWriter.beside(path);
  }

  /**
   * Writes beside a process that may be writing too: each line goes to the end of the file as a whole.
   * @throws OrchError `disk-full`, `no-permission`, `write-failed`
   */
  static async beside(path: string): Promise<EventsWriter> {
    try {
      return new EventsWriter(path, await open(path, 'a'));
    } catch (error) {
      throw ioError(error, path, 'opening');
    }
  }

  /**
   * Resolves once the line is in the kernel's hands; if `durable`, once it is on the disk.
   * @throws OrchError `disk-full`, `write-failed`
   */
  append(event: RunEvent, durable: boolean): Promise<void> {
    const written = this.#last.then(async () => {
      // A line that follows on a torn one begins anew: it must not be lost with it.
      const begin = this.#isTorn ? '\n' : '';
      this.#isTorn = true;
      await this.#file.appendFile(`${begin}${JSON.stringify(event)}\n`);
      this.#isTorn = false;
      if (durable) await this.#file.sync();
    });
    // A failed line is told to its own caller; the next one is tried all the same.
    this.#last = written.catch(() => {});
    return written.catch((error: unknown) => {
      throw ioError(error, this.#path, 'writing');
    });
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close();
  }
}

/** What is written to a new file is only safe once its name is on the disk, too. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
