import { messageOf } from '../model/errors.ts';

/**
 * What is to be closed in the end, the last of it first. What cannot be closed is a warning and no error: it must not
 * hide what a run has come to.
 */
export class Cleanup implements AsyncDisposable {
  readonly #warn: (text: string) => void;
  readonly #stack = new AsyncDisposableStack();

  constructor(warn: (text: string) => void) {
    this.#warn = warn;
  }

  /** @param what What closing it is, for people: `closing the targets`. */
  defer(what: string, close: () => void | Promise<void>): void {
    this.#stack.defer(async () => {
      try {
        await close();
      } catch (error) {
        this.#warn(`${what} failed: ${messageOf(error)}`);
      }
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
