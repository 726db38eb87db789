import type { Binding } from './substitute.ts';
import type { YamlFile, YamlPath } from './yaml.ts';

/** A file that a scenario is made of. */
export interface SourceFile {
  /** As it is told to people. */
  readonly name: string;
  readonly text: string;
  readonly yaml: YamlFile;
}

/** Where a part of a value was written. */
export interface Origin {
  readonly file: SourceFile;
  /** In that file. */
  readonly path: YamlPath;
  /** The variables that it was made of; undefined for what stands there as it is. */
  readonly uses?: readonly Binding[];
  /** Set where its value is not known, as another mistake tells already: nothing else is to be said of it. */
  readonly isUnknown?: boolean;
}

/**
 * Where each part of an expanded value was written. Only what stands elsewhere than its parent would suggest is
 * recorded: what was included, moved by that, or put in by a variable.
 */
export class Origins {
  readonly #root: Origin;
  readonly #recorded = new Map<string, Origin>();

  /** @param path Where the value as a whole stands in the file. */
  constructor(file: SourceFile, path: YamlPath = []) {
    this.#root = { file, path };
  }

  record(path: YamlPath, origin: Origin): void {
    if (!isSame(this.of(path), origin)) this.#recorded.set(JSON.stringify(path), origin);
  }

  of(path: YamlPath): Origin {
    const { origin, below } = this.#nearest(path);
    return { ...origin, path: [...origin.path, ...below] };
  }

  /** A path as it is in its own file: what is included was not written below the scenario's keys. */
  inFile(corrected: YamlPath, written: YamlPath): YamlPath {
    const { origin, below } = this.#nearest(written);
    return [...origin.path, ...corrected.slice(corrected.length - below.length)];
  }

  #nearest(path: YamlPath): { readonly origin: Origin; readonly below: YamlPath } {
    for (let length = path.length; length >= 0; length -= 1) {
      const origin = this.#recorded.get(JSON.stringify(path.slice(0, length)));
      if (origin === undefined) continue;
      // All of what a variable stands for was written where the variable is used.
      const isWhole = origin.uses !== undefined || origin.isUnknown === true;
      return { origin, below: isWhole ? [] : path.slice(length) };
    }
    return { origin: this.#root, below: path };
  }
}

function isSame(one: Origin, other: Origin): boolean {
  if (one.file !== other.file || one.uses !== other.uses || one.isUnknown !== other.isUnknown) return false;
  return one.path.length === other.path.length && one.path.every((part, index) => part === other.path[index]);
}

/** `scenarios/x.yaml:12:7` */
export function placeText({ file, path }: Origin): string {
  const { line, column } = file.yaml.placeOfValue(path);
  return `${file.name}:${line}:${column}`;
}

/** `${rps}` comes from --set rps=fast: a clause for each variable. */
export function sourcesText(uses: readonly Binding[] = []): string {
  return [...new Set(uses)].map(({ name, from }) => `\`\${${name}}\` comes from ${from}`).join(', ');
}
