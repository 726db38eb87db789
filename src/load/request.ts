import type { Outcome, Reply, RequestRecord } from '../model/record.ts';
import type { Asker } from '../target/target.ts';

/** What is known of a request when it is due. */
export type DueRequest = Pick<RequestRecord, 'seq' | 'phase' | 'node' | 'op' | 'scheduledMs'>;

/** Told whether the outcome is a good one. */
export type Answered = (wentWell: boolean) => void;

/**
 * A request from when it is due until it is a record, and who waits for its outcome: one object, as every further one would be
 * made for each request. Until it has an outcome it is one that was dropped.
 */
export class Request implements RequestRecord, Asker {
  readonly seq: number;
  readonly phase: string;
  readonly node: string;
  readonly op: string;
  readonly scheduledMs: number;
  sentMs = Number.NaN;
  doneMs = Number.NaN;
  outcome: Outcome = 'dropped';
  status = 0;
  error = 'dropped';
  readonly #done: (request: Request) => void;
  readonly #answered: Answered | undefined;

  constructor(due: DueRequest, done: (request: Request) => void, answered: Answered | undefined) {
    this.seq = due.seq;
    this.phase = due.phase;
    this.node = due.node;
    this.op = due.op;
    this.scheduledMs = due.scheduledMs;
    this.#done = done;
    this.#answered = answered;
  }

  settle({ outcome, status, error }: Reply): void {
    this.outcome = outcome;
    this.status = status;
    this.error = error;
    this.#done(this);
    this.#answered?.(outcome === 'ok');
  }
}
