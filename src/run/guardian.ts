import { sleep } from '../clock/clock.ts';
import { takeLock } from '../control/lock.ts';
import { runLock } from './locks.ts';
import type { Known } from './read-run.ts';
import { rescue, type RescueOptions } from './rescue.ts';
import { Watch } from './watch.ts';

export interface GuardOptions extends Pick<RescueOptions, 'dir' | 'clock' | 'reach' | 'tidy'> {
  /** The guardian's own. */
  readonly pid: number;
  /**
   * Resolves when the coordinator has said that nothing is left to undo (`done`), has gone as it was interrupted twice
   * (`abandoned`), or has gone without a word (`lost`).
   */
  readonly coordinator: Promise<'done' | 'abandoned' | 'lost'>;
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
  const watch = new Watch(dir, clock);
  let why = 'orch was killed';
  while (!end.signal.aborted) {
    await sleep(clock, lookEveryMs, end.signal);
    if (end.signal.aborted || !(await watch.isOverdue())) continue;
    why = 'orch did not undo a fault by its deadline, and was ended';
    fence();
    break;
  }
  const ended = await coordinator;
  if (ended === 'abandoned') why = 'orch was interrupted twice';
  if (ended !== 'done') await takeOver(why, watch.known, options);
}

async function takeOver(why: string, known: Known | undefined, options: GuardOptions): Promise<void> {
  const { clock, dir, pid } = options;
  const owner = { role: 'guardian', pid, run_id: dir.id } as const;
  const endMs = clock.now() + lockLimitMs;
  while (clock.now() < endMs) {
    const { lock } = await takeLock(runLock(dir.path), owner);
    if (lock !== null) {
      const more = { by: 'guardian', why, patienceMs, refusals: Number.POSITIVE_INFINITY } as const;
      await rescue({ ...options, ...more, known });
      return lock.release();
    }
    await sleep(clock, 50);
  }
}
