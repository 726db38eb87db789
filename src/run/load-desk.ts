import type { LoadGenerator } from '../load/generator.ts';
import type { Load } from '../load/load.ts';
import type { Journal } from './journal.ts';
import { loadChanged } from './load-changed.ts';

export interface LoadDeskOptions {
  readonly load: LoadGenerator;
  readonly journal: Journal;
}

/** A step that is later than this is late for a reason: the machine itself stood still. */
const bookkeepingMs = 1000;

/** Sets and stops the loads of a run, and keeps in the journal what runs. */
export class LoadDesk {
  readonly #options: LoadDeskOptions;
  /** The loads that were set and not stopped, by name; the one that was set last is last. */
  readonly #running = new Map<string, Load>();

  constructor(options: LoadDeskOptions) {
    this.#options = options;
  }

  get isLoaded(): boolean {
    return this.#running.size > 0;
  }

  /** @param atMs When that was planned, in milliseconds of the run. */
  set(load: Load, phase: string, atMs: number): Promise<void> {
    this.#options.load.set(load, scheduledFrom(atMs, this.#options.journal.runMs));
    this.#running.delete(load.name);
    this.#running.set(load.name, load);
    return this.#options.journal.write(loadChanged(phase, [...this.#running.values()], load));
  }

  stop(name: string, phase: string): Promise<void> {
    this.#options.load.stop(name);
    this.#running.delete(name);
    return this.#options.journal.write(loadChanged(phase, [...this.#running.values()], name));
  }

  /** Stops all there is, and what was about to be set. Never rejects. */
  async end(): Promise<void> {
    this.#options.load.foresee([]);
    for (const name of this.#running.keys()) await this.stop(name, '').catch(() => {});
  }
}

/** Our own bookkeeping does not shift a schedule; what was really late begins now, without a burst to catch up. */
function scheduledFrom(plannedMs: number, nowMs: number): number {
  return nowMs - plannedMs <= bookkeepingMs ? plannedMs : nowMs;
}
