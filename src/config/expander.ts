import { nearest } from '../model/nearest.ts';
import { isMapping } from './explain.ts';
import type { Fragments, ListKind } from './fragments.ts';
import type { Origins, SourceFile } from './origins.ts';
import { type Binding, type Scope, substitute } from './substitute.ts';
import type { Mistakes } from './told.ts';
import type { YamlPath } from './yaml.ts';

/** What one expansion has in common, whatever files it goes through. */
export interface Expansion {
  readonly mistakes: Mistakes;
  readonly fragments: Fragments;
  /** Those that some text names. */
  readonly used: Set<Binding>;
  /** How many values were looked at so far. */
  count: number;
}

/** A part of a file, and what can be named there. */
export interface Site {
  readonly file: SourceFile;
  readonly path: YamlPath;
  readonly scope: Scope;
  /** The files that stand open: the scenario, and the fragments in each other. */
  readonly chain: readonly SourceFile[];
  /** The templates of the scenario, by name; a fragment knows none. */
  readonly templates: unknown;
}

/** What stands at a place: only phases and actions can be put in place of an entry, and only they have actions. */
export type Holds = ListKind | 'item' | 'values';

/** A list that is being made, and its path in what it becomes part of. */
export interface Into {
  readonly list: unknown[];
  readonly at: YamlPath;
}

/** Puts things in place of an entry of a list; undefined where the item is none that is replaced. */
export type Replace = (item: unknown, site: Site, kind: ListKind, into: Into) => Promise<void> | undefined;

/** Includes that include, and aliases of aliases, may not multiply without end. */
const maxValues = 100_000;
/** Below these keys a secret may stand, as nothing of what they say is shown or stored. What a fault does is journaled. */
const keysForSecrets: ReadonlySet<PropertyKey> = new Set([
  'description',
  'default',
  'with',
  'headers',
  'body',
  'env',
]);

/** Puts variables, fragments and templates into one value, and records where each part of it was written. */
export class Expander {
  readonly #expansion: Expansion;
  readonly #origins: Origins;
  readonly #replace: Replace;

  constructor(expansion: Expansion, origins: Origins, replace: Replace = () => undefined) {
    this.#expansion = expansion;
    this.#origins = origins;
    this.#replace = replace;
  }

  /**
   * @param at Its path in what it becomes part of.
   * @returns Undefined for a text whose variables have no value.
   */
  async value(given: unknown, site: Site, at: YamlPath, holds: Holds = 'values'): Promise<unknown> {
    this.#countOne(site);
    if (typeof given === 'string') return this.#text(given, site, at);
    if (Array.isArray(given)) {
      const list: unknown[] = [];
      await this.items(given, site, holds, { list, at });
      return list;
    }
    if (!isMapping(given)) return given;
    const parts: [string, unknown][] = [];
    for (const [key, part] of Object.entries(given))
      parts.push([key, await this.value(part, within(site, key), [...at, key], heldBy(holds, key))]);
    return Object.fromEntries(parts);
  }

  /** The items of a list, added to what is in it already. */
  async items(given: readonly unknown[], site: Site, holds: Holds, into: Into): Promise<void> {
    const kind = holds === 'phases' || holds === 'actions' ? holds : undefined;
    for (const [index, item] of given.entries()) {
      const here = within(site, index);
      const replaced = kind === undefined ? undefined : this.#replace(item, here, kind, into);
      if (replaced !== undefined) {
        await replaced;
        continue;
      }
      const place = [...into.at, into.list.length];
      this.#origins.record(place, { file: here.file, path: here.path });
      into.list.push(await this.value(item, here, place, kind === undefined ? 'values' : 'item'));
    }
  }

  #text(text: string, { file, path, scope }: Site, at: YamlPath): unknown {
    if (!text.includes('${')) return text;
    const { mistakes, used } = this.#expansion;
    const { value, uses, mistakes: found } = substitute(text, scope);
    for (const message of found) mistakes.tell({ file, path }, message);
    for (const use of uses) used.add(use);
    const secret = uses.find(({ secrets }) => secrets.length > 0);
    if (secret !== undefined && !at.some((key) => keysForSecrets.has(key))) {
      const key = at.findLast((part) => typeof part === 'string') ?? '';
      const message = `\`${key}\` is shown and stored, so it cannot have the secret \`${secret.name}\` in it`;
      mistakes.tell({ file, path }, message);
    }
    if (uses.length > 0 || value === undefined)
      this.#origins.record(at, { file, path, uses, isUnknown: value === undefined });
    return value;
  }

  #countOne({ file, path }: Site): void {
    this.#expansion.count += 1;
    if (this.#expansion.count <= maxValues) return;
    const { mistakes } = this.#expansion;
    mistakes.tell(
      { file, path },
      `with all that is included or repeated, there are more than ${maxValues} values`,
    );
    mistakes.refuse();
  }
}

/** What stands at a key of a phase, of an action, or of anything else. A misspelt key counts, too. */
export function heldBy(holds: Holds, key: string): Holds {
  return holds === 'item' && nearest(key, ['actions']) !== undefined ? 'actions' : 'values';
}

export function within(site: Site, key: PropertyKey): Site {
  return { ...site, path: [...site.path, key] };
}
