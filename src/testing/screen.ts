import { Writable } from 'node:stream';
import type { Output } from '../cli/world.ts';

/** A terminal as far as live lines need one: what a person would see, line by line. */
export class Screen extends Writable {
  readonly isTTY = true;
  columns = 200;
  readonly rows = 50;
  readonly #lines: string[] = [''];
  #row = 0;
  #column = 0;

  get lines(): readonly string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  /** As most terminals do: what is too wide now is broken, and the cursor stays with its line. */
  resize(columns: number): void {
    this.columns = columns;
    const broken = this.#lines.map((line) => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']);
    this.#row = broken.slice(0, this.#row).flat().length;
    this.#lines.splice(0, this.#lines.length, ...broken.flat());
    this.emit('resize');
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
    if (character === '\r') {
      this.#column = 0;
      return;
    }
    if (character === '\n') {
      this.#moveTo(this.#row + 1);
      this.#column = 0;
      return;
    }
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column += 1;
  }

  /** Up, down, to a column, erase in line, erase what is below. Others change nothing that is seen. */
  #obey(command: string, count: number): void {
    if (command === 'A') this.#moveTo(this.#row - Math.max(count, 1));
    if (command === 'B') this.#moveTo(this.#row + Math.max(count, 1));
    if (command === 'G') this.#column = Math.max(count, 1) - 1;
    if (command === 'J') this.#lines.length = this.#row;
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

/** What commands are handed where a person watches that screen. */
export function outputOf(screen: Screen, colour = false): Output {
  return {
    write: (text) => void screen.write(text),
    terminal: screen,
    get columns() {
      return screen.columns;
    },
    colour,
  };
}
