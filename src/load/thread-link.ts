import { Worker } from 'node:worker_threads';
import { messageOf } from '../model/errors.ts';
import { Histogram } from '../model/histogram.ts';
import type { Harvest } from './live.ts';
import type { Order, PackedHarvest, Telling, ThreadSpec } from './orders.ts';
import { RunningTally } from './tally.ts';

/** One load thread, as who orders it sees it. */
export class ThreadLink {
  /** Resolves when it can begin; rejects where it has ended before. */
  readonly ready: Promise<void>;
  /** Resolves where it ends that nobody closed, to why. */
  readonly lost: Promise<Error>;
  readonly closed: Promise<void>;
  readonly #worker: Worker;
  readonly #sent: Int32Array;
  #now: Omit<Harvest, 'recent' | 'lag'> = { atMs: 0, due: 0, inFlight: 0, inFlightMost: 0, loopDelay: null };
  #recent = new RunningTally();
  #lag = new Histogram();
  #isClosing = false;
  readonly #drained = Promise.withResolvers<void>();

  constructor(spec: Omit<ThreadSpec, 'sent'>) {
    const [ready, lost, closed] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<Error>(),
      Promise.withResolvers<void>(),
    ];
    this.ready = ready.promise;
    this.lost = lost.promise;
    this.closed = closed.promise;
    const end = (why: Error): void => {
      ready.reject(why);
      this.#drained.resolve();
      closed.resolve();
      if (!this.#isClosing) lost.resolve(why);
    };
    // Whoever has seen it ready does not wait for this any more.
    this.ready.catch(() => {});
    const sent = new SharedArrayBuffer(4);
    this.#sent = new Int32Array(sent);
    this.#worker = startWorker({ ...spec, sent })
      .on('message', (telling: Telling) => {
        if (telling.type === 'ready') ready.resolve();
        else if (telling.type === 'drained') this.#drained.resolve();
        else this.#add(telling);
      })
      .on('error', (error) => end(new Error(`a load thread failed: ${messageOf(error)}`, { cause: error })))
      .on('exit', (code) => end(new Error(`a load thread ended with ${code}`)));
  }

  order(order: Order): void {
    if (order.type === 'close') this.#isClosing = true;
    this.#worker.postMessage(order);
    Atomics.add(this.#sent, 0, 1);
  }

  /** Resolves when nothing of it is in flight, or when it is no more. */
  drain(): Promise<void> {
    this.order({ type: 'drain' });
    return this.#drained.promise;
  }

  /** What it told since the last call. */
  take(): Harvest {
    const harvest = { ...this.#now, recent: this.#recent, lag: this.#lag };
    this.#recent = new RunningTally();
    this.#lag = new Histogram();
    return harvest;
  }

  async terminate(): Promise<void> {
    this.#isClosing = true;
    await this.#worker.terminate();
  }

  #add({ recent, lag, ...now }: PackedHarvest): void {
    this.#now = now;
    this.#recent.merge(RunningTally.of(recent));
    this.#lag.merge(Histogram.of(lag));
  }
}

/** The thread's file beside this one: a `.ts` in the sources, a `.js` once built. */
function startWorker(workerData: ThreadSpec): Worker {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new Worker(new URL(`./worker${extension}`, import.meta.url), { execArgv: [], workerData });
}
