import { createLogUpdate } from 'log-update';
import type { Output } from './world.ts';

/** Log lines and, where a person watches, one block of text below them that is redrawn in place. */
export class LiveLine {
  readonly #output: Output;
  readonly #update: ReturnType<typeof createLogUpdate> | null;

  constructor(output: Output) {
    this.#output = output;
    this.#update = output.terminal === null ? null : createLogUpdate(output.terminal, { showCursor: true });
  }

  get isLive(): boolean {
    return this.#update !== null;
  }

  /** A line that stays, above the live block. */
  log(line: string): void {
    if (this.#update === null) this.#output.write(`${line}\n`);
    else this.#update.persist(line);
  }

  redraw(block: string): void {
    this.#update?.(block);
  }

  end(): void {
    this.#update?.clear();
    this.#update?.done();
  }
}
