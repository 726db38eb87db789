import type { FileHandle } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { readBytes } from './metrics-reader-file.ts';
import type { Part, Scan, ScanParts } from './metrics-reader-scan.ts';

/** A smaller file is read before a second thread is there. */
export const worthSplittingBytes = 1 << 26;
/** The header stands in as much, or the file is read by one thread. */
const headBytes = 1 << 16;
const lookBytes = 1 << 16;
const newline = 0x0a;

/** Reads a whole file: by itself, or half of it beside another thread, whose half it reads again where that was of no use. */
export async function readAll(file: FileHandle, scan: Scan, withSecond: boolean): Promise<void> {
  let at = await readBytes(file, scan.parser, { from: 0, to: headBytes });
  const middle = withSecond && scan.canBeSplit && availableParallelism() > 1 ? await middleOf(file) : null;
  if (middle !== null && middle > at) {
    const second = new SecondReader(scan.partFrom(middle));
    try {
      at = await readBytes(file, scan.parser, { from: at, to: middle });
      const parts = scan.parser.isBetweenRecords ? await second.result : null;
      if (parts !== null && scan.absorb(parts)) return;
    } finally {
      await second.end();
    }
  }
  await readBytes(file, scan.parser, { from: at });
  scan.parser.end();
}

/** Where the second half of a file begins, with a line of its own. It may stand within quotes: see `isBetweenRecords`. */
async function middleOf(file: FileHandle): Promise<number | null> {
  const { size } = await file.stat();
  const middle = Math.floor(size / 2);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(lookBytes), 0, lookBytes, middle);
  const at = buffer.subarray(0, bytesRead).indexOf(newline);
  return at < 0 ? null : middle + at + 1;
}

/** Another thread that reads the rest of a file. */
class SecondReader {
  /** What it made of its part; null where it failed, which is no reason to fail oneself. */
  readonly result: Promise<ScanParts | null>;
  readonly #worker: Worker;

  constructor(part: Part) {
    // The worker’s file beside this one: a `.ts` in the sources, a `.js` once built.
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    this.#worker = new Worker(new URL(`./metrics-reader-worker${extension}`, import.meta.url), {
      execArgv: [],
      // What is read stands outside of its heap.
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 },
      workerData: part,
    });
    this.result = new Promise((resolve) => {
      this.#worker
        .once('message', resolve)
        .once('error', () => resolve(null))
        .once('exit', () => resolve(null));
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
