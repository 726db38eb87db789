/** Reads a line of text from left to right. */
export class Scanner {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Where the next word, number or sign begins: what is blank before it is skipped. */
  get at(): number {
    while (/\s/.test(this.text.charAt(this.#at))) this.#at += 1;
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  /** Takes what matches here, if anything does. */
  take(pattern: RegExp): string | undefined {
    const found = this.peek(pattern);
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  peek(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    return sticky.exec(this.text)?.[0];
  }

  /** What stands here, up to the next blank: for messages. */
  get shown(): string {
    return this.peek(/\S+/) ?? '';
  }
}
