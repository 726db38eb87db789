import { nearest } from './nearest.ts';

/**
 * Text of a workload in which something stands for a value that each request has of its own: `/users/{{random 1 100}}`.
 * `{{{{` is a literal `{{`.
 */

/** What stands for a value. */
export type Slot =
  /** The request's number. */
  | { readonly kind: 'seq' }
  /** A UUID of version 4. */
  | { readonly kind: 'uuid' }
  /** A whole number, both ends included. */
  | { readonly kind: 'random'; readonly min: number; readonly max: number }
  | { readonly kind: 'pick'; readonly words: readonly string[] }
  /** A key of the operation's key space (Redis). */
  | { readonly kind: 'key' }
  /** So many bytes (Redis). */
  | { readonly kind: 'value' }
  /** The value of a column in the request's row of a feed. */
  | { readonly kind: 'column'; readonly feed: string; readonly column: string };

export interface Template {
  /** Literal text, and what stands between. */
  readonly parts: readonly (string | Slot)[];
  /** What is wrong with it, as clauses. */
  readonly mistakes: readonly string[];
}

/** What `{{…}}` may name beside the columns of feeds. */
const names = ['seq', 'uuid', 'random', 'pick', 'key', 'value'];
const marks = /\{\{\{\{|\{\{([^{}]*)\}\}|\{\{(?!\{)/g;

export function parseTemplate(text: string): Template {
  const parts: (string | Slot)[] = [];
  const mistakes: string[] = [];
  const add = (literal: string) => {
    const last = parts.at(-1);
    if (typeof last === 'string') parts[parts.length - 1] = last + literal;
    else if (literal !== '') parts.push(literal);
  };
  let end = 0;
  for (const mark of text.matchAll(marks)) {
    const [written, words] = mark;
    add(text.slice(end, mark.index));
    end = mark.index + written.length;
    if (written === '{{{{') add('{{');
    else if (words === undefined)
      mistakes.push('`{{` is not closed by `}}`; a literal `{{` is written `{{{{`');
    else {
      const slot = slotOf(words.trim());
      if (typeof slot === 'string') mistakes.push(slot);
      else parts.push(slot);
    }
  }
  add(text.slice(end));
  return { parts, mistakes };
}

/** What stands between the braces; or why that is nothing, as a clause. */
function slotOf(words: string): Slot | string {
  const [name = '', ...args] = words.split(/\s+/);
  const column = /^([^.\s]+)\.(.+)$/.exec(words);
  if (column !== null && !names.includes(name))
    return { kind: 'column', feed: column[1] ?? '', column: column[2] ?? '' };
  if (name === 'random') return randomOf(args);
  if (name === 'pick')
    return args.length > 0 ? { kind: 'pick', words: args } : '`{{pick}}` needs the words to pick from';
  const isPlain = name === 'seq' || name === 'uuid' || name === 'key' || name === 'value';
  if (!isPlain) return unknownName(name);
  return args.length === 0 ? { kind: name } : `\`{{${name}}}\` takes nothing after its name`;
}

function randomOf(args: readonly string[]): Slot | string {
  const [min = Number.NaN, max = Number.NaN] = args.map(Number);
  const isRange = args.length === 2 && [min, max].every(Number.isSafeInteger) && max >= min;
  if (isRange && Number.isSafeInteger(max - min)) return { kind: 'random', min, max };
  return `\`{{random ${args.join(' ')}}}\` must have two whole numbers, the least and the greatest: {{random 1 100}}`;
}

/** `there is no {{sec}}; did you mean {{seq}}? Known: …` */
function unknownName(name: string): string {
  const near = nearest(name, names);
  const hint = near === undefined ? '.' : `; did you mean \`{{${near}}}\`?`;
  return `there is no \`{{${name}}}\`${hint} Known: ${names.join(', ')}, and FEED.COLUMN`;
}
