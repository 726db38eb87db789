import type { Clock } from '../../clock/clock.ts';

/**
 * The life of a process that can be killed at any moment. From then on nothing that it waits for comes: no time passes
 * for it, no call is answered, nothing is written. What it has asked of others goes on without it.
 */
export class Life {
  readonly name: string;
  readonly ended: Promise<void>;
  #end: () => void = () => {};
  #isAlive = true;

  constructor(name: string) {
    this.name = name;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  die(): void {
    this.#isAlive = false;
    this.#end();
  }

  /** What is asked, as long as there is somebody to hear the answer; a dead process asks nothing. */
  hear<T>(ask: () => Promise<T>): Promise<T> {
    if (!this.#isAlive) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      ask().then(
        (answer) => this.#isAlive && resolve(answer),
        (error: unknown) => this.#isAlive && reject(error as Error),
      );
    });
  }

  /** The clock as this process sees it. */
  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      wall: () => clock.wall(),
      sleepUntil: (atMs, signal) => this.hear(() => clock.sleepUntil(atMs, signal)),
    };
  }
}
