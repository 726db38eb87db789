import { Writable } from 'node:stream';

/** A terminal as far as live lines need one: what a person would see, line by line. */
export class Screen extends Writable {
  readonly isTTY = true;
  readonly columns = 200;
  readonly rows = 50;
  readonly #lines: string[] = [''];
  #row = 0;
  #column = 0;

  get lines(): readonly string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    // oxlint-disable-next-line no-control-regex -- terminals are spoken to in control characters.
    for (const [token, count, command] of String(chunk).matchAll(/\x1b\[\??(\d*)([A-Za-z])|[^]/g)) {
      if (command === undefined) this.#print(token);
      else this.#obey(command, Number(count));
    }
    done();
  }

  #print(character: string): void {
    if (character === '\n') {
      this.#moveTo(this.#row + 1);
      this.#column = 0;
      return;
    }
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column += 1;
  }

  /** Up, down, to a column, erase in line. Others change nothing that is seen. */
  #obey(command: string, count: number): void {
    if (command === 'A') this.#moveTo(this.#row - Math.max(count, 1));
    if (command === 'B') this.#moveTo(this.#row + Math.max(count, 1));
    if (command === 'G') this.#column = Math.max(count, 1) - 1;
    if (command === 'K') {
      const line = this.#lines[this.#row] ?? '';
      this.#lines[this.#row] = count === 2 ? '' : line.slice(0, this.#column);
    }
  }

  #moveTo(row: number): void {
    this.#row = Math.max(row, 0);
    while (this.#lines.length <= this.#row) this.#lines.push('');
  }
}
