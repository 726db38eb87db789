/** `${name}` in texts: Chaos Toolkit has Python's templates, our scenarios their own variables. */

/** As Python's `string.Template` reads it: `$$`, `$name`, `${name}`; any other `$` stands for itself. */
const placeholder = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\})/gi;
/** While a text is worked on, each variable in it is one character that no text has: of Unicode's private use area. */
const marks = /([\uE000-\uF8FF])/;
const firstMark = 0xe000;

/** A text that is put into a scenario as it stands. */
export function literal(text: string): string {
  return text.replaceAll('${', () => '$${');
}

/** How long a name may be in a scenario. */
export const nameLength = 200;

/** A name that is put into a scenario as it stands; one that is too long is cut. */
export function nameOf(text: string): string {
  const cut = text.length > nameLength ? `${text.slice(0, nameLength - 1)}…` : text;
  // An escape is one character more than what it stands for, so there is no room for it where a name was cut.
  return cut === text ? literal(cut) : cut.replaceAll('${', '{');
}

export interface Template {
  /** The text as a scenario writes it. */
  readonly text: string;
  /** The variables in it. */
  readonly names: readonly string[];
  /** Named in it, but declared nowhere: they stay as they are written, as in Chaos Toolkit. */
  readonly undeclared: readonly string[];
}

/**
 * A text with variables as a scenario writes it; null where that cannot be written: a `$` right before a variable, which
 * would make a literal of it.
 * @param change What becomes of the text, in which each variable is one character.
 */
export function template(
  text: string,
  declared: ReadonlySet<string>,
  change: (marked: string) => string = (marked) => marked,
): Template | null {
  const names: string[] = [];
  const undeclared: string[] = [];
  const marked = text.replaceAll(placeholder, (whole, escaped?: string, bare?: string, braced?: string) => {
    if (escaped !== undefined) return '$';
    const name = bare ?? braced ?? '';
    if (declared.has(name)) {
      names.push(name);
      return String.fromCharCode(firstMark + names.length - 1);
    }
    if (braced !== undefined) undeclared.push(braced);
    return whole;
  });
  const changed = literal(change(marked));
  if (/\$[\uE000-\uF8FF]/.test(changed)) return null;
  const written = eachPart(
    changed,
    (plain) => plain,
    (mark) => `\${${names[mark.charCodeAt(0) - firstMark] ?? ''}}`,
  );
  return { text: written, names, undeclared };
}

/** Changes what stands between the variables of a marked text. */
export function betweenVariables(marked: string, change: (plain: string) => string): string {
  return eachPart(marked, change, (mark) => mark);
}

function eachPart(
  marked: string,
  plain: (part: string) => string,
  variable: (mark: string) => string,
): string {
  return marked
    .split(marks)
    .map((part, index) => (index % 2 === 0 ? plain(part) : variable(part)))
    .join('');
}
