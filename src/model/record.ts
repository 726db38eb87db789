/** What became of one request. Anything sent is one of the first three; a request beyond the in-flight bound is dropped. */
export type Outcome = 'ok' | 'fail' | 'unknown' | 'dropped';

export const outcomes: readonly Outcome[] = ['ok', 'fail', 'unknown', 'dropped'];

/** A target's answer to one operation. A failing target is data: it never throws. */
export interface Reply {
  /** `unknown` means a timeout: the node may or may not have done the work. */
  readonly outcome: Exclude<Outcome, 'dropped'>;
  /** The HTTP status; 0 where there was none. */
  readonly status: number;
  /** Empty on success; otherwise a short code such as `timeout`, `ECONNREFUSED`, `http_503`. */
  readonly error: string;
}

/** One request, due or sent. All times are milliseconds on the run's monotonic clock, 0 = the run's start. */
export interface RequestRecord {
  readonly seq: number;
  readonly phase: string;
  readonly node: string;
  /** What was asked, for example `POST /work` or `INCR+GET`. */
  readonly op: string;
  /** When the request was due. Latency counts from here (coordinated omission). */
  readonly scheduledMs: number;
  /** When it was really sent; NaN if it was dropped. Service time counts from here. */
  readonly sentMs: number;
  /** When its outcome was known; NaN if it was dropped. */
  readonly doneMs: number;
  readonly outcome: Outcome;
  readonly status: number;
  readonly error: string;
}
