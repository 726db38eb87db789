/**
 * Calls `expire` once the time given to `start` has passed in full, never earlier: a bare timer counts whole
 * milliseconds and may fire up to one too early.
 *
 * It is there to be started again: its timer goes on when it is stopped, and looks when it fires whether there is anything
 * to wait for. So requests that follow each other set one timer in all the time that each of them has, instead of one each.
 * The timer keeps no process alive; what is waited for does.
 */
export class Deadline {
  readonly #expire: () => void;
  #atMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** When it fires, about. */
  #timerMs = Number.POSITIVE_INFINITY;

  constructor(expire: () => void) {
    this.#expire = expire;
  }

  start(timeoutMs: number): void {
    this.#atMs = performance.now() + timeoutMs;
    if (this.#timerMs > this.#atMs) this.#wake(timeoutMs);
  }

  stop(): void {
    this.#atMs = Number.POSITIVE_INFINITY;
  }

  #wake(inMs: number): void {
    clearTimeout(this.#timer);
    this.#timerMs = performance.now() + inMs;
    this.#timer = setTimeout(this.#check, inMs).unref();
  }

  readonly #check = (): void => {
    this.#timerMs = Number.POSITIVE_INFINITY;
    if (this.#atMs === Number.POSITIVE_INFINITY) return;
    const leftMs = this.#atMs - performance.now();
    if (leftMs > 0) return this.#wake(Math.ceil(leftMs));
    this.stop();
    this.#expire();
  };
}
