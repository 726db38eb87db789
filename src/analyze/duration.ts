import type { RowSpan } from '../store/metrics-reader-table.ts';

/**
 * The seconds that evenly spaced rows stand for: from the first to the last, and the mean gap after the last, so that
 * 500 rows at 50 a second make 10 s. Where all timestamps are whole seconds it is their number, first and last included.
 */
export function durationSec({ rows, firstSec, lastSec, wholeSeconds }: RowSpan): number {
  if (wholeSeconds) return lastSec - firstSec + 1;
  // Whole microseconds are exact as doubles where Unix seconds with a fraction are not.
  const spanUs = Math.round(lastSec * 1e6) - Math.round(firstSec * 1e6);
  if (rows === 1 || spanUs === 0) return 1;
  return (spanUs * rows) / (rows - 1) / 1e6;
}
