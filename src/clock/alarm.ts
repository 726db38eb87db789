import { Worker } from 'node:worker_threads';
import type { Clock } from './clock.ts';
import { sharedOffsetMs } from './shared.ts';
import { Sleepers } from './sleepers.ts';
import { systemClock } from './system.ts';

/** Timers count whole milliseconds and may be as much late: what is left of a sleep after them is the alarm's. */
const alarmMs = 2.5;
/** To be woken costs about as much as to send a request: who has so much to do that it comes more often does several things at once. */
const leastGapMs = 0.4;

/**
 * The machine's clock for a thread that has to act on time: sleepers are woken by another thread that sleeps to the
 * microsecond, as timers count whole milliseconds. Far times are left to a timer, so that nothing is set for nothing.
 */
export class AlarmClock implements Clock {
  readonly #sleepers = new Sleepers();
  readonly #worker: Worker;
  readonly #setting: Int32Array;
  readonly #times: Float64Array;
  readonly #offsetMs = sharedOffsetMs();
  /** What the alarm is set to, on this thread's clock. */
  #setMs = Number.POSITIVE_INFINITY;
  #wokenMs = Number.NEGATIVE_INFINITY;
  /** Whether those who were woken have not yet heard what the sockets have for them. */
  #isTurning = false;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = Number.POSITIVE_INFINITY;

  constructor() {
    const memory = new SharedArrayBuffer(16);
    this.#setting = new Int32Array(memory, 0, 1);
    this.#times = new Float64Array(memory, 8, 1);
    this.#times[0] = Number.POSITIVE_INFINITY;
    this.#worker = startWorker(memory);
    this.#worker.on('message', () => {
      this.#setMs = Number.POSITIVE_INFINITY;
      this.#wake();
    });
    // It is of use only to a thread that has something else to wait for.
    this.#worker.unref();
  }

  now(): number {
    return performance.now();
  }

  wall(): number {
    return systemClock.wall();
  }

  sleepUntil(atMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || atMs <= performance.now()) return systemClock.sleepUntil(atMs, signal);
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper = this.#sleepers.add(atMs, wake);
      const abort = (): void => {
        this.#sleepers.remove(sleeper);
        resolve();
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#arrange();
    });
  }

  /** Ends its thread; who sleeps is never woken. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#worker.terminate();
  }

  #wake(): void {
    this.#wokenMs = performance.now();
    this.#sleepers.wakeUntil(this.#wokenMs);
    if (this.#isTurning) return;
    // Messages come before sockets, up to a thousand of them: an alarm that was set at once could keep answers waiting for ever.
    this.#isTurning = true;
    setImmediate(() => {
      this.#isTurning = false;
      this.#arrange();
    });
  }

  /** Sets the alarm, or a timer, to the next sleeper's time. One that was set to an earlier time stays: it does no harm. */
  #arrange(): void {
    const { nextMs } = this.#sleepers;
    if (this.#isTurning || nextMs === Number.POSITIVE_INFINITY) return;
    const leftMs = nextMs - performance.now();
    if (leftMs <= alarmMs) this.#set(Math.max(nextMs, this.#wokenMs + leastGapMs));
    else if (nextMs < this.#timerMs) {
      clearTimeout(this.#timer);
      this.#timerMs = nextMs;
      this.#timer = setTimeout(
        () => {
          this.#timerMs = Number.POSITIVE_INFINITY;
          this.#wake();
        },
        leftMs - alarmMs + 1,
      );
    }
  }

  #set(atMs: number): void {
    if (atMs >= this.#setMs) return;
    this.#setMs = atMs;
    this.#times[0] = atMs + this.#offsetMs;
    Atomics.add(this.#setting, 0, 1);
    Atomics.notify(this.#setting, 0);
  }
}

/** The thread's file beside this one: a `.ts` in the sources, a `.js` once built. */
function startWorker(workerData: SharedArrayBuffer): Worker {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new Worker(new URL(`./alarm-thread${extension}`, import.meta.url), { execArgv: [], workerData });
}
