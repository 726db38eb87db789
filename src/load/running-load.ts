/** A load that runs, of either model. */
export interface RunningLoad {
  /**
   * Ends it as of a time of the run. What was due before then is sent, even where the timer that was to send it has not
   * fired yet; requests in flight go on.
   * @returns Where another that takes its place goes on.
   */
  end(atMs: number): Continuation;
}

export interface Continuation {
  /** The number of its first request. */
  readonly nextSeq: number;
  /** When the last request before it was due, in milliseconds of the run; −Infinity where none was. */
  readonly lastDueMs: number;
  /** The last request that was sent here: beyond those, where word of the end came late. −1 where none was. */
  readonly afterSeq: number;
}

/** Takes a request that is due. */
export type Due = (seq: number, scheduledMs: number) => void;
