import {
  type Alias,
  Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';

/** A place in a file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Mistake extends Place {
  readonly message: string;
}

export type YamlPath = readonly PropertyKey[];

/** A parsed file that still knows where everything stood. */
export interface YamlFile {
  readonly value: unknown;
  readonly mistakes: readonly Mistake[];
  /** Where the value at the path stands; where it does not exist, its nearest existing ancestor. */
  placeOfValue(path: YamlPath): Place;
  /** Where the key of a mapping stands. */
  placeOfKey(path: YamlPath, key: string): Place;
}

/** What is wrong at an offset of the text. */
interface Flaw {
  readonly offset: number;
  readonly message: string;
}

/** Aliases may not expand to more than this: a few lines of aliases of aliases would fill the memory. */
const maxAliasCount = 10_000;

/** Parses YAML 1.2 with `<<` merges. Mistakes of syntax are collected, not thrown. */
export function parseYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const { value, flaws } = valueOf(document);
  return {
    value,
    mistakes: withUnquotedVariables(flaws, text).map(({ offset, message }) => ({ ...at(offset), message })),
    placeOfValue: (path) => at(offsetOfValue(document, path)),
    placeOfKey: (path, key) => at(offsetOfKey(document, path, key)),
  };
}

/**
 * A value that was given outside of a file, as `--set` does: a number, `true` or `false`, a list of these, or else text.
 * Quotes make text of what would be something else.
 */
export function plainValue(text: string): unknown {
  const { contents, errors } = parseDocument(text, { prettyErrors: false });
  if (errors.length > 0) return text;
  if (isSeq(contents) && contents.items.every((item) => isScalar(item) && isPlain(item.value)))
    return contents.toJSON();
  if (!isScalar(contents)) return text;
  const isQuoted = contents.type === 'QUOTE_DOUBLE' || contents.type === 'QUOTE_SINGLE';
  return isQuoted || (isPlain(contents.value) && typeof contents.value !== 'string') ? contents.value : text;
}

function isPlain(value: unknown): boolean {
  return ['number', 'boolean', 'string'].includes(typeof value);
}

/** A comment, and the part of a value that it stands above. */
export interface Remark {
  readonly path: YamlPath;
  readonly text: string;
}

/** A value as YAML, with comments. A list of single words and numbers takes one line. */
export function yamlText(value: unknown, head: string, remarks: readonly Remark[]): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  document.commentBefore = commentOf(head);
  visit(document, {
    Seq(_, list) {
      list.flow = list.items.every((item) => isScalar(item) && !/\s/.test(String(item.value)));
    },
  });
  for (const { path, text } of remarks) {
    const node = commented(document, path);
    if (node)
      node.commentBefore = [...(node.commentBefore ? [node.commentBefore] : []), commentOf(text)].join('\n');
  }
  return document.toString({ lineWidth: 0 });
}

/** What a comment above a part belongs to: its key, where it has one. */
function commented(document: Document, path: YamlPath): Node | undefined {
  const key = path.at(-1);
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent)
    ? parent.items.find((one) => isScalar(one.key) && one.key.value === key)
    : undefined;
  const node = pair === undefined ? document.getIn(path, true) : pair.key;
  return isNode(node) ? node : undefined;
}

function commentOf(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => ` ${line}`)
    .join('\n');
}

/** The `name:` at the top of a Compose file, or undefined: used to find out a project's name. */
export function topLevelName(text: string): string | undefined {
  const { value } = parseYaml(text);
  if (value === null || typeof value !== 'object' || !('name' in value)) return undefined;
  return typeof value.name === 'string' ? value.name : undefined;
}

function valueOf(document: Document): { value: unknown; flaws: readonly Flaw[] } {
  const flaws = [...flawsOfSyntax(document), ...flawsOfReferences(document)];
  if (flaws.length > 0) return { value: undefined, flaws };
  try {
    return { value: document.toJS({ maxAliasCount }), flaws };
  } catch (error) {
    // Every alias leads somewhere by now, so that there are too many of them is all that can be wrong.
    if (!(error instanceof ReferenceError)) throw error;
    const message = `the aliases of this file expand to more than ${maxAliasCount} values`;
    return { value: undefined, flaws: [{ offset: offsetOfLastAlias(document), message }] };
  }
}

function flawsOfSyntax({ errors, warnings }: Document): readonly Flaw[] {
  return [...errors, ...warnings].map(({ code, pos, message }) => ({
    offset: pos[0],
    message:
      code === 'MULTIPLE_DOCS'
        ? 'a second YAML document begins here, but a file holds one; remove the `---` and what follows, or give it a file of its own'
        : message,
  }));
}

/** In `{ … }` and `[ … ]` an unquoted `${name}` is no text to YAML. That is told, and not what follows from it on its line. */
function withUnquotedVariables(flaws: readonly Flaw[], text: string): readonly Flaw[] {
  const told: Flaw[] = [];
  let silentUntil = -1;
  for (const flaw of flaws.toSorted((one, other) => one.offset - other.offset)) {
    if (flaw.offset < silentUntil) continue;
    const name = /^\{\w*\}/.exec(text.slice(flaw.offset, flaw.offset + 100))?.[0];
    if (name === undefined || text[flaw.offset - 1] !== '$') {
      told.push(flaw);
      continue;
    }
    const message = `between brackets, a value with a variable needs quotes: "$${name}"`;
    told.push({ offset: flaw.offset - 1, message });
    const end = text.indexOf('\n', flaw.offset);
    silentUntil = end === -1 ? text.length + 1 : end;
  }
  return told;
}

/** What is well formed but leads nowhere, in a circle, or to what cannot stand there. */
function flawsOfReferences(document: Document): readonly Flaw[] {
  const flaws: Flaw[] = [];
  const tell = (node: Node, message: string) => flaws.push({ offset: node.range?.[0] ?? 0, message });
  visit(document, {
    Alias(_, alias, ancestors) {
      const source = alias.resolve(document);
      if (source === undefined)
        tell(alias, `there is no anchor \`&${alias.source}\` before this alias of it`);
      else if (ancestors.includes(source))
        tell(alias, `the alias \`*${alias.source}\` stands inside of what it stands for`);
    },
    Pair(_, pair) {
      const key = resolved(pair.key, document);
      if (isCollection(key) && isNode(pair.key))
        tell(pair.key, `a key must be text, not a ${isSeq(key) ? 'list' : 'mapping'}`);
      const wrong = isMerge(pair) ? wrongSource(pair.value, document) : undefined;
      if (wrong !== undefined) tell(wrong, '`<<` takes a mapping, or a list of mappings');
    },
  });
  return flaws;
}

function isMerge({ key }: Pair): boolean {
  // A quoted '<<' is a key like any other; of a plain one the parser makes a symbol.
  return isScalar(key) && typeof key.value === 'symbol';
}

/** Of what `<<` is given, the first part that is no mapping. An alias that leads nowhere is told of as such. */
function wrongSource(value: unknown, document: Document): Node | undefined {
  const given = resolved(value, document);
  const sources: readonly unknown[] = isSeq(given) ? given.items : [value];
  return sources
    .filter(isNode)
    .find((source) => !isMap(resolved(source, document)) && resolved(source, document) !== undefined);
}

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function offsetOfLastAlias(document: Document): number {
  let last: Alias | undefined;
  visit(document, {
    Alias(_, alias) {
      last = alias;
    },
  });
  return last?.range?.[0] ?? 0;
}

function offsetOfValue(document: Document, path: YamlPath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function offsetOfKey(document: Document, path: YamlPath, key: string): number {
  const parent = document.getIn(path, true);
  if (isMap(parent)) {
    for (const pair of parent.items) {
      if (isPair(pair) && isNode(pair.key) && String(pair.key) === key && pair.key.range)
        return pair.key.range[0];
    }
  }
  return offsetOfValue(document, path);
}
