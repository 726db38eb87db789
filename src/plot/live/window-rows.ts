import type { FineWindow } from '../../model/recovery.ts';
import type { RowHead } from './look.ts';

export interface WindowBar {
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly bottom: number;
  readonly attributed: boolean;
}

interface WindowRows {
  readonly bars: readonly WindowBar[];
  readonly heads: readonly RowHead[];
  /** Null where there is no window. */
  readonly bottom: number | null;
}

/** A chart has room for so many; analysis.json has all of them. */
export const mostWindows = 600;
const barHeight = 12;
const rowHeight = 14;

const causes = ['error_rate', 'throughput', 'latency', 'change_point'] as const;
const names: Readonly<Record<FineWindow['cause'], string>> = {
  error_rate: 'errors',
  throughput: 'throughput',
  latency: 'latency',
  change_point: 'level',
};

/** A row for each cause that there is. */
export function windowRows(windows: readonly FineWindow[], topPx: number): WindowRows {
  const present = causes.filter((cause) => windows.some((window) => window.cause === cause));
  const topOf = (cause: FineWindow['cause']) => topPx + present.indexOf(cause) * rowHeight;
  const length = ({ start_sec, end_sec }: FineWindow) => end_sec - start_sec;
  return {
    // The longest are those that a chart of the whole run could show at all.
    bars: windows
      .toSorted((a, b) => length(b) - length(a))
      .slice(0, mostWindows)
      .map(({ start_sec, end_sec, cause, unattributed }) => ({
        start: start_sec,
        end: end_sec,
        top: topOf(cause),
        bottom: topOf(cause) + barHeight,
        attributed: !unattributed,
      })),
    heads: present.map((cause) => ({ name: names[cause], middle: topOf(cause) + barHeight / 2 })),
    bottom: present.length === 0 ? null : topPx + present.length * rowHeight,
  };
}
