import { OrchError } from '../model/errors.ts';
import { longestShown } from '../model/shown-text.ts';
import { type Origin, type SourceFile, sourcesText } from './origins.ts';
import type { Place } from './yaml.ts';

interface Told {
  readonly file: string;
  readonly place: Place;
  readonly message: string;
}

/** What is wrong with a file and with those that it includes: collected, and told all at once. */
export class Mistakes {
  readonly #file: string;
  readonly #told: Told[] = [];
  readonly #unplaced: string[] = [];
  readonly #secrets = new Set<string>();

  /** @param file The one that was asked for. */
  constructor(file: string) {
    this.#file = file;
  }

  /** What must not be shown, whatever mistake it is part of. */
  hide(secret: string): void {
    if (secret !== '') this.#secrets.add(secret);
  }

  /** @param key Set where the mistake is that key of the mapping at the origin, and not the value. */
  tell(origin: Origin, message: string, key?: string): void {
    if (origin.isUnknown === true) return;
    const { yaml, name } = origin.file;
    const place = key === undefined ? yaml.placeOfValue(origin.path) : yaml.placeOfKey(origin.path, key);
    const sources = sourcesText(origin.uses);
    this.tellAt(name, place, sources === '' ? message : `${message}; ${sources}`);
  }

  tellAt(file: string, place: Place, message: string): void {
    this.#told.push({ file, place, message });
  }

  /** What stands in no file. */
  tellUnplaced(message: string): void {
    this.#unplaced.push(message);
  }

  /** Tells what is wrong with a file as YAML. False where something is. */
  isYaml({ name, yaml }: SourceFile): boolean {
    for (const { message, ...place } of yaml.mistakes) this.tellAt(name, place, message);
    return yaml.mistakes.length === 0;
  }

  /** @throws OrchError `yaml-invalid` where there are any */
  refuse(): void {
    // The same line of a fragment is wrong wherever it is included.
    const lines = [...new Set([...this.#unplaced, ...this.#inOrder()])];
    if (lines.length === 0) return;
    const count = lines.length === 1 ? '1 mistake' : `${lines.length} mistakes`;
    throw new OrchError('yaml-invalid', `${this.#file} has ${count}`, {
      details: lines.map((line) => this.#shown(line)),
    });
  }

  #inOrder(): readonly string[] {
    const files = [...new Set([this.#file, ...this.#told.map(({ file }) => file)])];
    const sorted = this.#told.toSorted(
      (a, b) =>
        files.indexOf(a.file) - files.indexOf(b.file) ||
        a.place.line - b.place.line ||
        a.place.column - b.place.column,
    );
    return sorted.map(({ file, place, message }) => `${file}:${place.line}:${place.column}: ${message}`);
  }

  #shown(line: string): string {
    return [...this.#secrets].reduce(withoutSecret, line);
  }
}

/** A text without a secret, nor the beginning of one where the rest was cut off. */
function withoutSecret(text: string, secret: string): string {
  let hidden = text.replaceAll(secret, '***');
  for (let length = Math.min(secret.length, longestShown) - 1; length > 0; length -= 1)
    hidden = hidden.replaceAll(`${secret.slice(0, length)}…`, '***…');
  return hidden;
}
