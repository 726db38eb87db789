/**
 * The JSONPath of Chaos Toolkit, which is that of the Python library jsonpath2, as one of RFC 9535. They differ in filters:
 * there `=`, `and`, `or` and `not`, with `or` binding tighter; and a filter stands for the value before it, not for that
 * value's children, which is why it comes after `[*]` or `.*`.
 */

const filterAfterWildcard = /(?:\[\s*\*\s*\]|(\.\.)\*|\.\*)\s*\[\s*\?\s*\(/g;
const anyFilter = /\[\s*\?/;
const lonelyFilter = 'a filter of a single value, one that does not come after `[*]`, has no counterpart';
const tokens =
  /\s*(?:("(?:\\.|[^"\\])*")|([@$](?:\.?\.(?:\w+|\*)|\[(?:"(?:\\.|[^"\\])*"|[^\]"?])*\])*)|(-?\d[\d.eE+-]*)|(\w+)|(<=|>=|!=|[<>=()]))/y;

/** @returns The path; or, as a sentence, why there is none. */
export function rfcPath(path: string): { readonly path: string } | { readonly reason: string } {
  let done = '';
  let from = 0;
  for (const match of path.matchAll(filterAfterWildcard)) {
    if (match.index < from) continue;
    const filter = new Filter(path, match.index + match[0].length);
    const expression = filter.read();
    const end = expression === null ? null : /^\s*\)\s*\]/.exec(path.slice(filter.at));
    if (expression === null || end === null)
      return { reason: `its filter cannot be read at \`${path.slice(filter.at, filter.at + 20)}\`` };
    const before = path.slice(from, match.index);
    if (anyFilter.test(before)) return { reason: lonelyFilter };
    done += `${before}${match[1] ?? ''}[?${expression}]`;
    from = filter.at + end[0].length;
  }
  const rest = path.slice(from);
  return anyFilter.test(rest) ? { reason: lonelyFilter } : { path: done + rest };
}

/** A filter's expression, read from where it begins to where it ends. */
class Filter {
  readonly #text: string;
  at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** In RFC 9535; null where it cannot be read. */
  read(): string | null {
    return this.#chain('and', ' && ', () => this.#chain('or', ' || ', () => this.#single(), true));
  }

  #chain(word: string, sign: string, part: () => string | null, grouped = false): string | null {
    const parts: (string | null)[] = [part()];
    while (this.#take(word)) parts.push(part());
    if (parts.includes(null)) return null;
    return parts.length > 1 && grouped ? `(${parts.join(sign)})` : parts.join(sign);
  }

  #single(): string | null {
    if (this.#take('not')) {
      const negated = this.#single();
      return negated === null ? null : `!(${negated})`;
    }
    if (this.#take('(')) {
      const inner = this.read();
      return inner === null || !this.#take(')') ? null : `(${inner})`;
    }
    const left = this.#operand();
    const operator = ['=', '!=', '<=', '>=', '<', '>'].find((one) => this.#take(one));
    if (left === null || operator === undefined) return left;
    const right = this.#operand();
    if (right === null) return null;
    if (operator === '=') return `${left} == ${right}`;
    // There, what is not there differs from nothing; in RFC 9535 it differs from everything.
    const there = operator === '!=' ? [left, right].filter((one) => /^[@$]/.test(one)) : [];
    return there.length === 0
      ? `${left} ${operator} ${right}`
      : `(${[...there, `${left} != ${right}`].join(' && ')})`;
  }

  #operand(): string | null {
    const match = this.#next();
    const [, string, path, number, word] = match ?? [];
    const literal = word === 'true' || word === 'false' || word === 'null' ? word : undefined;
    const operand = string ?? path ?? number ?? literal;
    if (match === null || operand === undefined) return null;
    this.at += match[0].length;
    return operand;
  }

  #take(token: string): boolean {
    const match = this.#next();
    if (match?.[0].trim() !== token) return false;
    this.at += match[0].length;
    return true;
  }

  #next(): RegExpExecArray | null {
    tokens.lastIndex = this.at;
    return tokens.exec(this.#text);
  }
}
