/** A regular expression of Python's `re` as one of JavaScript's, where there is one. */

const flagsInFront = /^\(\?([a-zA-Z]+)\)/;
/** What the two write differently outside of `[…]`. An escape or a class is taken as a whole. */
const differing =
  /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P<(\w+)>|\(\?P=(\w+)\)|\(\?#[^)]*\)|\{\d*(?:,\d*)?\}|[${}\]]/g;

/**
 * @returns The pattern; or, as a sentence, why there is none.
 */
export function javascriptPattern(
  python: string,
): { readonly pattern: string } | { readonly reason: string } {
  const flags = flagsInFront.exec(python)?.[1] ?? '';
  const unknown = /[^imsau]/.exec(flags)?.[0];
  if (unknown !== undefined) return { reason: `JavaScript has no flag \`${unknown}\`` };
  const body = flags === '' ? python : python.slice(flags.length + 3);
  const translated = body.replaceAll(differing, (part: string, name?: string, back?: string) => {
    if (name !== undefined) return `(?<${name}>`;
    if (back !== undefined) return `\\k<${back}>`;
    // Python's `$` is before a line break at the very end too.
    if (part === '$') return flags.includes('m') ? part : '(?=\\n?$)';
    if (part === '\\A') return '(?<![\\s\\S])';
    if (part === '\\Z') return '(?![\\s\\S])';
    if (part.startsWith('(?#')) return '';
    if (part.startsWith('{') && /\d/.test(part)) return part.replace('{,', '{0,');
    // Elsewhere than in a repetition or a class, a brace or bracket stands for itself.
    if (/^[{}\]]/.test(part))
      return part.replaceAll(/[{}\],]/g, (mark) => (mark === ',' ? mark : `\\${mark}`));
    return part.startsWith('[') ? classOf(part) : escapeOf(part, /[\^$\\.*+?()[\]{}|/]/);
  });
  const kept = ['i', 'm', 's'].filter((flag) => flags.includes(flag)).join('');
  // A pattern of nothing, which a scenario has no use for, is found everywhere.
  const pattern = kept === '' && translated !== '' ? translated : `(?${kept}:${translated})`;
  try {
    RegExp(pattern, 'u');
    return { pattern };
  } catch (error) {
    return { reason: error instanceof Error ? error.message.replace(/^.*: /, '') : String(error) };
  }
}

function classOf(part: string): string {
  // Right at the beginning of a class, `]` is one of its characters.
  const closed = part.replace(/^\[(\^?)\]/, (_, not: string) => `[${not}\\]`);
  return closed.replaceAll(/\\[\s\S]/g, (escape) => escapeOf(escape, /[\^$\\.*+?()[\]{}|/-]/));
}

/** Python lets any punctuation be escaped; with Unicode, JavaScript only what means something. */
function escapeOf(escape: string, meaningful: RegExp): string {
  const mark = escape.slice(1);
  return /^[^a-zA-Z0-9]$/.test(mark) && !meaningful.test(mark) ? mark : escape;
}
