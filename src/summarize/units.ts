/** What a number measures: a count is of requests, or of what else its noun says; `unknown` where nothing says so. */
export type Dimension =
  | 'share'
  | 'time'
  | 'rate'
  | 'count'
  | 'nodes'
  | 'phases'
  | 'faults'
  | 'windows'
  | 'unknown';

/** A unit of a number. Shares are in per cent, rates per second. */
export interface Unit {
  readonly dimension: Dimension;
  /** Seconds in one unit of a time; 1 for everything else. */
  readonly unitSec: number;
}
