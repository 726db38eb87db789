import type { RunDir } from '../store/run-dir.ts';
import type { MeasuredRun } from './measure.ts';
import { type Moments, readMoments } from './moments.ts';
import type { LoadSpan } from './timeline.ts';

/** The part of a run that may be judged, in its seconds, and when requests had to come. */
export interface Judgeable {
  readonly moments: Moments;
  readonly fromSec: number;
  readonly toSec: number;
  /** When requests had to come without end; null where gaps between them say nothing. */
  readonly steady: readonly LoadSpan[] | null;
}

/**
 * Reads a run once more, for its single requests; its rows must not have changed since. The memory is given back by
 * `moments.release()`.
 * @throws OrchError as `readMetrics` does
 */
export async function readJudgeable(
  run: RunDir,
  { timeline, untoldSec }: MeasuredRun,
  warmupSec: number,
): Promise<Judgeable> {
  const moments = await readMoments(run);
  const { firstSec, lastSec, count } = moments;
  const fromSec = Math.max(firstSec, warmupSec);
  const endSec = lastSec + (lastSec - firstSec) / Math.max(count - 1, 1) + 1e-6;
  const toSec = Math.max(untoldSec === null ? endSec : lastSec - untoldSec, fromSec);
  const always = [{ start_sec: fromSec, end_sec: toSec }];
  // In an open model of ours all that was due has a row; within whole seconds there are no gaps to be seen.
  const steady = timeline.isOpen || moments.wholeSeconds ? null : (timeline.loads ?? always);
  return { moments, fromSec, toSec, steady };
}
