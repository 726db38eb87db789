import type { Clock } from '../clock/clock.ts';
import type { RunEvent } from '../model/event.ts';
import { readEvents } from '../store/events-reader.ts';
import { readManifest } from '../store/manifest-reader.ts';
import type { RunDir } from '../store/run-dir.ts';
import { openFaults } from './fault-life.ts';
import type { Known } from './read-run.ts';

/** How long an undo may take, waiting for the node to serve included. */
const undoLimitMs = 180_000;

/**
 * Reads the journal as it grows, and counts by its own clock from when it first sees a fault in a state: a step of the
 * wall clock ends no run. A coordinator that is at an undo is given the time that this may take.
 */
export class Watch {
  readonly #dir: RunDir;
  readonly #clock: Clock;
  readonly #seenMs = new Map<string, number>();
  #known: Known | undefined;

  constructor(dir: RunDir, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
  }

  /** What was last seen of the run, should its directory be removed. */
  get known(): Known | undefined {
    return this.#known;
  }

  async isOverdue(): Promise<boolean> {
    const { events } = await readEvents(this.#dir.events).catch(() => ({ events: [] }));
    if (events.length > 0) await this.#remember(events);
    const nowMs = this.#clock.now();
    return openFaults(this.#known?.events ?? []).some(({ id, state, note, undoOrdered }) => {
      const key = undoOrdered ? `${id} ${state}` : id;
      const seenMs = this.#seenMs.get(key) ?? nowMs;
      this.#seenMs.set(key, seenMs);
      return nowMs - seenMs > (undoOrdered ? undoLimitMs : note.limit_ms);
    });
  }

  async #remember(events: readonly RunEvent[]): Promise<void> {
    const { manifest } = await readManifest(this.#dir.manifest).catch(() => ({ manifest: null }));
    this.#known = { events, manifest: manifest ?? this.#known?.manifest ?? null };
  }
}
