import type { RowSpan } from '../store/metrics-reader-table.ts';
import type { Figures } from './figures.ts';
import { median } from '../stats/quantile.ts';
import type { LoadSpan } from './timeline.ts';

/** How far load may fall short of a whole second, for events are written just before or after what they tell of. */
const slackSec = 0.02;

/**
 * Which seconds of a run may be judged. Where its events tell when load was meant to run, those that it wholly covers;
 * otherwise all but an incomplete first or last one. With fractions in the timestamps that is one of which more than two
 * of the run's usual gaps are missing at its outer end. With whole seconds that cannot be seen, so there it is one with
 * fewer requests than the usual second, by more than the one that a steady pace puts now before and now after a second's end.
 */
export function completeSeconds(
  seconds: readonly Figures[],
  span: RowSpan,
  loads: readonly LoadSpan[] | null,
): boolean[] {
  if (loads !== null) return seconds.map((_, sec) => coveredSec(sec, loads) >= 1 - slackSec);
  const usualDue = medianDue(seconds);
  const last = seconds.length - 1;
  if (span.wholeSeconds) {
    return seconds.map(({ counts }, sec) => (sec > 0 && sec < last) || counts.due >= usualDue - 1);
  }
  // Compared in whole microseconds, for fractions of Unix seconds are not exact as doubles.
  const allowedUs = Math.round(2e6 / usualDue);
  const missingAtStartUs = Math.round((span.firstSec - Math.floor(span.firstSec)) * 1e6);
  const missingAtEndUs = 1e6 - Math.round((span.lastSec - Math.floor(span.lastSec)) * 1e6);
  return seconds.map(
    (_, sec) => (sec > 0 || missingAtStartUs <= allowedUs) && (sec < last || missingAtEndUs <= allowedUs),
  );
}

function coveredSec(sec: number, loads: readonly LoadSpan[]): number {
  let covered = 0;
  for (const { start_sec, end_sec } of loads) {
    covered += Math.max(Math.min(end_sec, sec + 1) - Math.max(start_sec, sec), 0);
  }
  return covered;
}

/** Requests due in the usual second; the first and the last one only count where there are no others. */
function medianDue(seconds: readonly Figures[]): number {
  const due = (seconds.length > 2 ? seconds.slice(1, -1) : seconds)
    .map(({ counts }) => counts.due)
    .filter((count) => count > 0);
  return median(due.length > 0 ? due : seconds.map(({ counts }) => counts.due));
}
