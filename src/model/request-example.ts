import type { Outcome } from './record.ts';

/** One request of a run, with all that its row says and what was going on. */
export interface RequestExample {
  /** When it was due, in seconds since the second of the run's first request. */
  readonly due_sec: number;
  readonly node: string;
  readonly outcome: Outcome;
  /** 0 where there was none. */
  readonly status: number;
  /** Null of one that was never sent. */
  readonly latency_ms: number | null;
  /** From when it was really sent; null where the file does not say. */
  readonly service_ms: number | null;
  readonly error: string;
  /** Empty where there is none. */
  readonly phase: string;
  readonly op: string;
  readonly trace_id: string;
  /** Ids of the faults that were in force between when it was due and its end. */
  readonly faults: readonly string[];
}

/** The requests that came to the same error. */
export interface ErrorExamples {
  /** As the rows have it; empty where only outcome or status tell. */
  readonly error: string;
  readonly outcome: Outcome;
  readonly status: number;
  readonly count: number;
  /** The first of them that were due. */
  readonly first: readonly RequestExample[];
}

export interface RequestExamples {
  /** The slowest first; of equally slow ones, the one that was due first. */
  readonly slowest: readonly RequestExample[];
  /** The most frequent first. */
  readonly errors: readonly ErrorExamples[];
  /** How many requests came to further errors, in a file with more than are told apart. */
  readonly others: number;
}
