/** Where names beyond the bound are counted. */
const otherName = '(other)';
/** How an empty name is shown. */
export const noName = '(none)';

/**
 * Gives each distinct name a small number without making a string of every occurrence. At most `bound` names are
 * told apart, so that a file with a name of its own in each row cannot fill the memory; further ones share the last number.
 */
export class Names {
  readonly names: string[] = [];
  readonly #bytes: Buffer[] = [];
  readonly #byHash = new Map<number, number[]>();
  readonly #bound: number;

  constructor(bound: number) {
    this.#bound = bound;
  }

  numberOf(bytes: Buffer, start: number, end: number): number {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const candidates = this.#byHash.get(hash);
    if (candidates !== undefined) {
      for (const number of candidates) {
        if (standsAt(this.#bytes[number]!, bytes, start, end)) return number;
      }
    }
    return this.#add(hash, Buffer.from(bytes.subarray(start, end)));
  }

  numberOfText(name: string): number {
    const bytes = Buffer.from(name);
    return this.numberOf(bytes, 0, bytes.length);
  }

  #add(hash: number, name: Buffer): number {
    const number = this.names.length;
    if (number > this.#bound) return this.#bound;
    if (number === this.#bound) {
      this.names.push(otherName);
      return number;
    }
    this.names.push(name.length === 0 ? noName : name.toString('utf8'));
    this.#bytes.push(name);
    const sameHash = this.#byHash.get(hash);
    if (sameHash === undefined) this.#byHash.set(hash, [number]);
    else sameHash.push(number);
    return number;
  }
}

/** Whether `bytes` from `start` to `end` are the name. Compared backwards: names differ at their ends. */
export function standsAt(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = name.length - 1; at >= 0; at -= 1) {
    if (name[at] !== bytes[start + at]) return false;
  }
  return true;
}
