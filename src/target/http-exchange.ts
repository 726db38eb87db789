import { KeptText } from '../model/kept-text.ts';
import type { Reply } from '../model/record.ts';
import { Deadline } from './deadline.ts';
import { httpErrorCode } from './http-error.ts';
import type { HttpRequest, RequestAt } from './http-request.ts';
import { failed, succeeded, timedOut } from './reply.ts';
import type { Asker } from './target.ts';
import type { Dispatcher } from './undici.ts';

/** What is sent, and what makes an answer to it a good one. */
export interface Question {
  readonly requestAt: RequestAt;
  /** By its status. */
  readonly isExpected: readonly boolean[];
  /** Found in its body; null where that is not looked at. */
  readonly inBody: RegExp | null;
}

export interface ExchangeEvents {
  /** There is an outcome, and the connection can carry another request. */
  readonly settled: () => void;
  /** The time is up: the outcome is known, but the answer may still come. */
  readonly abandoned: () => void;
}

/** One request at a time and its answer, as undici tells of it. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #events: ExchangeEvents;
  readonly #deadline = new Deadline(() => this.#abandon());
  #asker: Asker | undefined;
  #question: Question | undefined;
  #status = 0;
  #body: KeptText | undefined;

  constructor(events: ExchangeEvents) {
    this.#events = events;
  }

  begin(on: Dispatcher, request: HttpRequest, question: Question, timeoutMs: number, asker: Asker): void {
    this.#asker = asker;
    this.#question = question;
    this.#status = 0;
    this.#body = question.inBody === null ? undefined : new KeptText();
    this.#deadline.start(timeoutMs);
    on.dispatch(request, this);
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status >= 200) this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.add(chunk);
  }

  onResponseEnd(): void {
    const status = this.#status;
    if (this.#question?.isExpected[status] !== true) this.#settle(failed(`http_${status}`, status));
    else if (this.#question.inBody?.test(String(this.#body)) === false)
      this.#settle(failed('unexpected_body', status));
    else this.#settle(succeeded(status));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle(failed(httpErrorCode(error), this.#status));
  }

  #settle(reply: Reply): void {
    const asker = this.#asker;
    // After it was abandoned, undici still reports the end that this made.
    if (asker === undefined) return;
    this.#asker = undefined;
    this.#deadline.stop();
    this.#events.settled();
    asker.settle(reply);
  }

  #abandon(): void {
    const asker = this.#asker;
    this.#asker = undefined;
    this.#events.abandoned();
    asker?.settle(timedOut(this.#status));
  }
}
