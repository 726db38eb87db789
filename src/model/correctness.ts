/** What came of the writes of a run: part of manifest.json and of analysis.json. */

export interface WriteExample {
  readonly token: string;
  /** The node that took it. */
  readonly node: string;
  /** When it was acknowledged, in seconds since the run’s start. */
  readonly acknowledged_sec: number;
  /** What was seen, in words. */
  readonly seen: string;
}

/** One check `lost_writes`. */
export interface WritesFound {
  readonly name: string;
  readonly acknowledged: number;
  /** Without an answer, or with one that says neither: they may be there or not. */
  readonly indeterminate: number;
  readonly refused: number;
  /** Not written, as too many were under way already. */
  readonly skipped: number;
  /** The node that was read when all was undone; null where none could be. */
  readonly read_from: string | null;
  /** Acknowledged, and not there. */
  readonly lost: number;
  /** There more than once; null where that cannot be seen. */
  readonly duplicates: number | null;
  /** Acknowledged, and not there for a read that began after that, while the run went. */
  readonly stale_reads: number;
  /** The indeterminate ones that are there. */
  readonly indeterminate_there: number;
  /** Those of which nobody could say whether they are there. */
  readonly unread: number;
  /** The first few of each kind. */
  readonly examples: {
    readonly lost: readonly WriteExample[];
    readonly duplicates: readonly WriteExample[];
    readonly stale_reads: readonly WriteExample[];
  };
}

export interface Correctness {
  /** Over all checks; null where that is not known, or not of each of them. */
  readonly lost_writes: number | null;
  readonly duplicates: number | null;
  readonly stale_reads: number;
  readonly checks: readonly WritesFound[];
}
