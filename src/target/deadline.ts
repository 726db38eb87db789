/**
 * Calls `expire` once the time given to `start` has passed in full, never earlier: a bare timer counts whole
 * milliseconds and may fire up to one too early.
 */
export class Deadline {
  readonly #expire: () => void;
  #atMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(expire: () => void) {
    this.#expire = expire;
  }

  start(timeoutMs: number): void {
    this.#atMs = performance.now() + timeoutMs;
    this.#timer = setTimeout(this.#check, timeoutMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  readonly #check = (): void => {
    const leftMs = this.#atMs - performance.now();
    if (leftMs > 0) this.#timer = setTimeout(this.#check, Math.ceil(leftMs));
    else this.#expire();
  };
}
