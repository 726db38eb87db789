import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';

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

/** Parses YAML 1.2 with `<<` merges. Mistakes of syntax are collected, not thrown. */
export function parseYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const mistakes = [...document.errors, ...document.warnings].map((error) => ({
    ...at(error.pos[0]),
    message: error.message,
  }));
  return {
    value: mistakes.length === 0 ? document.toJS() : undefined,
    mistakes,
    placeOfValue: (path) => at(offsetOfValue(document, path)),
    placeOfKey: (path, key) => at(offsetOfKey(document, path, key)),
  };
}

/** The `name:` at the top of a Compose file, or undefined: used to find out a project's name. */
export function topLevelName(text: string): string | undefined {
  const { value } = parseYaml(text);
  if (value === null || typeof value !== 'object' || !('name' in value)) return undefined;
  return typeof value.name === 'string' ? value.name : undefined;
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
