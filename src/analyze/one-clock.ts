import type { RunEvent } from '../model/event.ts';

/**
 * The events with `wall_sec` as the rows' timestamps have it: the Unix time at which the run began, and what the monotonic
 * clock counted since. The wall clock itself may have been moved while the run went on.
 * @param startedAtSec The Unix time at which the monotonic clock read 0; null where no manifest tells: the first event does.
 */
export function onOneClock(events: readonly RunEvent[], startedAtSec: number | null): readonly RunEvent[] {
  const [first] = events;
  if (first === undefined) return events;
  const zeroSec = startedAtSec ?? first.wall_sec - first.run_ms / 1000;
  return events.map((event) => ({ ...event, wall_sec: zeroSec + event.run_ms / 1000 }));
}
