import { type Clock, sleep } from '../clock/clock.ts';
import { takeLock } from '../control/lock.ts';
import { readEvents } from '../store/events-reader.ts';
import type { RunDir } from '../store/run-dir.ts';
import { openFaults } from './fault-life.ts';
import { runLock } from './locks.ts';
import { rescue, type RescueOptions } from './rescue.ts';

export interface GuardOptions extends Pick<RescueOptions, 'dir' | 'clock' | 'reach'> {
  /** The guardian's own. */
  readonly pid: number;
  /** Resolves when the coordinator has said that nothing is left to undo (`done`), or has gone without it (`lost`). */
  readonly coordinator: Promise<'done' | 'lost'>;
  /** Ends the coordinator, so that it cannot go on with its plan behind our back. */
  readonly fence: () => void;
}

const lookEveryMs = 500;
/** How long it goes on trying, while an engine restarts for example. */
const patienceMs = 300_000;
/** A coordinator that has died lets go of its lock at once; `orch recover` may be at work. */
const lockLimitMs = 60_000;

/** Watches over a run until it is done, and puts it in order where its coordinator has died, or hangs beyond a deadline. */
export async function guard(options: GuardOptions): Promise<void> {
  const { clock, dir, coordinator, fence } = options;
  const end = new AbortController();
  void coordinator.then(() => end.abort());
  const deadlines = new Deadlines(dir, clock);
  let why = 'orch was killed';
  while (!end.signal.aborted) {
    await sleep(clock, lookEveryMs, end.signal);
    if (end.signal.aborted || !(await deadlines.arePassed())) continue;
    why = 'orch did not undo a fault by its deadline, and was ended';
    fence();
    break;
  }
  if ((await coordinator) === 'lost') await takeOver(why, options);
}

/** Counts by its own clock from when it first sees a fault open: a step of the wall clock ends no run. */
class Deadlines {
  readonly #dir: RunDir;
  readonly #clock: Clock;
  readonly #seenMs = new Map<string, number>();

  constructor(dir: RunDir, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
  }

  async arePassed(): Promise<boolean> {
    const { events } = await readEvents(this.#dir.events).catch(() => ({ events: [] }));
    const nowMs = this.#clock.now();
    return openFaults(events).some(({ id, note }) => {
      const seenMs = this.#seenMs.get(id) ?? nowMs;
      this.#seenMs.set(id, seenMs);
      return nowMs - seenMs > note.limit_ms;
    });
  }
}

async function takeOver(why: string, options: GuardOptions): Promise<void> {
  const { clock, dir, pid } = options;
  const owner = { role: 'guardian', pid, run_id: dir.id } as const;
  const endMs = clock.now() + lockLimitMs;
  while (clock.now() < endMs) {
    const { lock } = await takeLock(runLock(dir.path), owner);
    if (lock !== null) {
      await rescue({ ...options, by: 'guardian', why, patienceMs, refusals: Number.POSITIVE_INFINITY });
      return lock.release();
    }
    await sleep(clock, 50);
  }
}
