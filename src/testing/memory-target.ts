import { type Clock, sleep } from '../clock/clock.ts';
import type { NodeState } from '../control/driver.ts';
import type { NodeSpec } from '../model/node.ts';
import type { Reply } from '../model/record.ts';
import type { Asker, Operation, Target } from '../target/target.ts';

/** What nodes there are, and how they stand. */
interface Stated {
  stateOf(node: string): NodeState;
}

/** A target over nothing: each answer takes `answerMs`, refused at once by a stopped node, timed out by a paused one. */
export class MemoryTarget implements Target {
  readonly kind = 'http';
  readonly #clock: Clock;
  readonly #driver: Stated;
  readonly #answerMs: number;

  constructor(clock: Clock, driver: Stated, answerMs = 10) {
    this.#clock = clock;
    this.#driver = driver;
    this.#answerMs = answerMs;
  }

  async open(): Promise<void> {}

  operation(): Operation {
    return { name: 'GET /', index: 0 };
  }

  invoke(node: NodeSpec, _operation: Operation, timeoutMs: number, _seq: number, asker: Asker): void {
    void this.#answer(node, timeoutMs).then((reply) => asker.settle(reply));
  }

  async #answer(node: NodeSpec, timeoutMs: number): Promise<Reply> {
    const state = this.#driver.stateOf(node.name);
    if (state === 'stopped') return { outcome: 'fail', status: 0, error: 'ECONNREFUSED' };
    await sleep(this.#clock, state === 'paused' ? timeoutMs : Math.min(this.#answerMs, timeoutMs));
    if (state === 'paused' || this.#answerMs > timeoutMs)
      return { outcome: 'unknown', status: 0, error: 'timeout' };
    return { outcome: 'ok', status: 200, error: '' };
  }

  async probe(node: NodeSpec): Promise<string | null> {
    return this.#driver.stateOf(node.name) === 'running' ? null : 'ECONNREFUSED';
  }

  async close(): Promise<void> {}
}
