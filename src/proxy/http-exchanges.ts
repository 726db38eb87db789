import type { LinkCounters } from './counters.ts';
import { corrupt } from './http-corrupt.ts';
import { type Framing, HttpFramer, type Part } from './http-framer.ts';
import { requestHead, responseHead } from './http-head.ts';
import { answerOf } from './http-status.ts';
import type { Parcel } from './lane.ts';
import type { Effect, HttpFault } from './toxic.ts';

/** A request on its way, and its answer. */
interface Exchange {
  readonly method: string;
  readonly fault: HttpFault | null;
  /** The connection ends with its answer, if that is given in the node’s place. */
  readonly closes: boolean;
  /** Nothing more of the request is waited for. */
  isReceived: boolean;
}

/**
 * The HTTP of one connection: pairs answers with requests, which come in the same order, and brings upon each what the
 * effects in force say as its head is read. What meets no fault is handed on in the very pieces that it came in.
 */
export class HttpExchanges {
  readonly #effects: readonly Effect[];
  readonly #counters: LinkCounters;
  readonly #toNode: (bytes: Buffer) => boolean;
  readonly #toClient: (parcel: Parcel) => void;
  readonly #requests = new HttpFramer((head) => this.#begin(head));
  readonly #responses = new HttpFramer((head) => this.#answerBegins(head));
  /** Those without an answer yet. */
  readonly #pending: Exchange[] = [];
  #current: Exchange | null = null;
  #isInterim = false;
  /** The client was sent the last that it will be sent. */
  #isOver = false;

  constructor(
    effects: readonly Effect[],
    counters: LinkCounters,
    toNode: (bytes: Buffer) => boolean,
    toClient: (parcel: Parcel) => void,
  ) {
    this.#effects = effects;
    this.#counters = counters;
    this.#toNode = toNode;
    this.#toClient = toClient;
  }

  /** Takes what the client sent. False: the node takes no more for now. */
  request(chunk: Buffer): boolean {
    const framer = this.#requests;
    framer.push(chunk);
    let from = 0;
    let isReady = true;
    const pass = (upTo: number) => {
      if (upTo > from) isReady = this.#toNode(framer.slice(from, upTo));
    };
    for (let part = framer.next(); part !== null; part = framer.next()) {
      if (this.#current?.fault?.kind === 'status') {
        pass(part.start);
        from = part.end;
      }
      if (part.isLast) this.#requestEnds();
    }
    pass(framer.at);
    if (framer.isOpaque) this.#giveUp();
    return isReady;
  }

  /** The client sends no more. What is left over of a head that was never completed goes as it came. */
  requestEnd(): void {
    this.#requests.giveUp();
    const rest = this.#requests.next();
    if (rest !== null) this.#toNode(this.#requests.slice(rest.start, rest.end));
  }

  /** Takes what the node sent. */
  response(chunk: Buffer): void {
    const framer = this.#responses;
    framer.push(chunk);
    let from = 0;
    const pass = (upTo: number) => {
      if (upTo > from) this.#send(framer.slice(from, upTo));
      from = upTo;
    };
    for (let part = framer.next(); part !== null && !this.#isOver; part = framer.next()) {
      const fault = this.#pending[0]?.fault;
      if (fault?.kind === 'corrupt' && part.kind === 'body') corrupt(framer.slice(part.start, part.end));
      if (fault?.kind === 'abort' && this.#breaksOff(part)) {
        pass(part.start + Math.floor((part.end - part.start) / 2));
        this.#finish('reset');
      } else if (part.isLast && !this.#isInterim) {
        pass(part.end);
        this.#pending.shift();
        this.#answerInPlace();
      }
    }
    pass(framer.at);
    if (framer.isOpaque) this.#giveUp();
  }

  /** The node sends no more. */
  responseEnd(): void {
    this.#responses.giveUp();
    const rest = this.#responses.next();
    if (rest !== null) this.#send(this.#responses.slice(rest.start, rest.end));
    this.#finish('end');
  }

  #begin(text: string): Framing {
    const head = requestHead(text);
    if (head === null) return 'opaque';
    this.#counters.requests += 1;
    const fault = this.#faultFor(head.path);
    if (fault !== null) this.#counters.requestsFaulted += 1;
    this.#current = {
      method: head.method,
      fault,
      // Whether a body still comes is for the client to decide, which has its answer already.
      closes: head.closes || head.waits,
      isReceived: head.waits,
    };
    this.#pending.push(this.#current);
    if (head.waits) this.#answerInPlace();
    return head.framing;
  }

  /** Every effect draws for every request, so that the choices of one do not hang on those of another. */
  #faultFor(path: string): HttpFault | null {
    let chosen: HttpFault | null = null;
    for (const effect of this.#effects) {
      const fault = effect.faultFor?.(path) ?? null;
      chosen ??= fault;
    }
    return chosen;
  }

  #requestEnds(): void {
    if (this.#current !== null) this.#current.isReceived = true;
    this.#current = null;
    this.#answerInPlace();
  }

  /** Answers in the node’s place whatever is to be, once all requests before it are answered. */
  #answerInPlace(): void {
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      if (next.fault?.kind !== 'status' || !next.isReceived) return;
      this.#pending.shift();
      this.#send(answerOf(next.fault.status, next.method, next.closes));
      if (next.closes) this.#finish('end');
    }
  }

  #answerBegins(text: string): Framing {
    const head = responseHead(text, this.#pending[0]?.method ?? 'GET');
    this.#isInterim = head.isInterim;
    return head.framing;
  }

  #breaksOff({ kind, start, end, isLast }: Part): boolean {
    return kind === 'body' ? end > start : isLast && !this.#isInterim;
  }

  #send(bytes: Buffer): void {
    if (!this.#isOver) this.#toClient(bytes);
  }

  #finish(how: 'end' | 'reset'): void {
    if (!this.#isOver) this.#toClient(how);
    this.#isOver = true;
  }

  /** What is no HTTP one way (after an upgrade, say) has no requests and answers the other way either. */
  #giveUp(): void {
    this.#requests.giveUp();
    this.#responses.giveUp();
    this.#pending.length = 0;
    this.#current = null;
  }
}
