import { stripVTControlCharacters } from 'node:util';
import type { createLogUpdate } from 'log-update';
import type { Output } from './world.ts';

type Update = ReturnType<typeof createLogUpdate>;

/** Log lines and, where a person watches, one block of text below them that is redrawn in place. */
export class LiveLine {
  readonly #output: Output;
  readonly #update: Update | null;
  readonly #onResize = () => this.#resized();
  #block = '';

  /** What redraws blocks is loaded only where somebody watches. */
  static async on(output: Output): Promise<LiveLine> {
    if (output.terminal === null) return new LiveLine(output, null);
    const { createLogUpdate: create } = await import('log-update');
    return new LiveLine(output, create(output.terminal, { showCursor: true }));
  }

  private constructor(output: Output, update: Update | null) {
    this.#output = output;
    this.#update = update;
    output.terminal?.on('resize', this.#onResize);
  }

  get isLive(): boolean {
    return this.#update !== null;
  }

  /** A line that stays, above the live block. */
  log(line: string): void {
    if (this.#update === null) {
      this.#output.write(`${line}\n`);
      return;
    }
    this.#update.persist(line);
    // At once, so that the block does not flicker with each line.
    if (this.#block !== '') this.#update(this.#block);
  }

  redraw(block: string): void {
    this.#block = block;
    this.#update?.(block);
  }

  end(): void {
    this.#block = '';
    this.#update?.clear();
    this.#update?.done();
    this.#output.terminal?.off('resize', this.#onResize);
  }

  /** A terminal that became narrower has broken long lines in two: the block is as many lines higher. */
  #resized(): void {
    if (this.#block === '') return;
    const lines = stripVTControlCharacters(this.#block).split('\n');
    const height = lines.reduce(
      (sum, line) => sum + Math.max(Math.ceil(line.length / this.#output.columns), 1),
      0,
    );
    this.#output.write(`\x1b[${height}A\r\x1b[J`);
    this.#update?.done();
    this.#block = '';
  }
}
