import { type FileHandle, open } from 'node:fs/promises';
import type { OrchError } from '../model/errors.ts';
import type { LostWrites } from '../model/write-check.ts';
import { ioError } from './io-error.ts';

/** A line of writes.jsonl: what is to be written, what became of a write, or of the attempt to read it back. */
export type LedgerLine = CheckLine | TokenLine;

/** A check before its first write, so that its writes can be read back by whoever has the ledger. */
export interface CheckLine {
  readonly type: 'check';
  readonly check: string;
  /** What its tokens begin with. */
  readonly prefix: string;
  readonly nodes: readonly string[];
  /** How it is written and read; null where a secret may be part of that. */
  readonly asked: LostWrites | null;
}

export type TokenLine =
  | {
      readonly type: 'write';
      readonly check: string;
      readonly token: string;
      readonly node: string;
      /** Milliseconds since the run's start. */
      readonly sent_ms: number;
      readonly done_ms: number;
      readonly outcome: 'acknowledged' | 'indeterminate' | 'refused';
      readonly error: string;
    }
  /** A read that began after the write was acknowledged, and did not find it. */
  | { readonly type: 'stale_read'; readonly check: string; readonly token: string; readonly node: string }
  /** When all was undone; null where nobody could say. */
  | {
      readonly type: 'read_back';
      readonly check: string;
      readonly token: string;
      readonly node: string;
      readonly times: number | null;
    };

/** Appends to writes.jsonl in the background, what came meanwhile in one write: it outlives this process, if not the machine. */
export class LedgerWriter {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #onError: (error: OrchError) => void;
  #waiting = '';
  #writing: Promise<void> | null = null;
  #error: OrchError | null = null;

  private constructor(file: FileHandle, path: string, onError: (error: OrchError) => void) {
    this.#file = file;
    this.#path = path;
    this.#onError = onError;
  }

  /**
   * @param onError Told once, of the first error.
   * @throws OrchError `disk-full`, `no-permission`, `write-failed`
   */
  static async create(path: string, onError: (error: OrchError) => void): Promise<LedgerWriter> {
    try {
      return new LedgerWriter(await open(path, 'wx'), path, onError);
    } catch (error) {
      throw ioError(error, path, 'creating');
    }
  }

  /**
   * Goes on where another process has stopped writing; a line that it could not finish stays one that is none.
   * @param onError As in `create`.
   * @throws OrchError `disk-full`, `no-permission`, `write-failed`
   */
  static async continue(path: string, onError: (error: OrchError) => void): Promise<LedgerWriter> {
    try {
      const file = await open(path, 'a');
      await file.appendFile('\n');
      return new LedgerWriter(file, path, onError);
    } catch (error) {
      throw ioError(error, path, 'opening');
    }
  }

  append(line: LedgerLine): void {
    if (this.#error !== null) return;
    this.#waiting += `${JSON.stringify(line)}\n`;
    this.#writing ??= this.#writeAll();
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting !== '') {
        const text = this.#waiting;
        this.#waiting = '';
        await this.#file.appendFile(text);
      }
    } catch (error) {
      this.#error = ioError(error, this.#path, 'writing');
      this.#onError(this.#error);
    }
    this.#writing = null;
  }
}
