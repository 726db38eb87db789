import { dirname, isAbsolute, join, normalize } from 'node:path';
import { OrchError } from '../model/errors.ts';
import { fragmentForm } from '../model/scenario.ts';
import { longForms, withPart } from './declarations.ts';
import { valueAt } from './explain.ts';
import { readUserFile } from './files.ts';
import { Origins, type SourceFile } from './origins.ts';
import type { Mistakes } from './told.ts';
import { checkForm, sourceFile, withoutEmptySections } from './validate.ts';
import type { YamlPath } from './yaml.ts';

/** What a list is made of. */
export type ListKind = 'phases' | 'actions';

/** A fragment file as it was read: its form is right, and what it holds is not looked at yet. */
export interface Fragment {
  readonly file: SourceFile;
  /** In the long form. */
  readonly parameters: unknown;
  readonly kind: ListKind;
  readonly items: readonly unknown[];
  /** Where these stand in the file. */
  readonly path: YamlPath;
}

/** How many fragments may be within each other. */
const maxDepth = 10;

/** The fragments of one scenario. Each file is read once, however often it is included. */
export class Fragments {
  readonly #mistakes: Mistakes;
  readonly #read = new Map<string, Fragment | null>();
  readonly #files: SourceFile[] = [];

  constructor(mistakes: Mistakes) {
    this.#mistakes = mistakes;
  }

  /** Those that were included, in that order. */
  get files(): readonly SourceFile[] {
    return this.#files;
  }

  /**
   * @param path From the last file of the chain.
   * @param chain The files that stand open: the scenario, and the fragments in each other.
   * @returns Why there is none, as a sentence; null where mistakes of the file itself say it.
   */
  async include(path: string, chain: readonly SourceFile[]): Promise<Fragment | string | null> {
    const name = isAbsolute(path) ? normalize(path) : join(dirname(chain.at(-1)?.name ?? '.'), path);
    const names = [...chain.map((file) => file.name), name].join(' → ');
    if (chain.some((file) => normalize(file.name) === name)) return `the files include each other: ${names}`;
    if (chain.length > maxDepth) return `fragments within fragments are more than ${maxDepth} deep: ${names}`;
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    try {
      const file = sourceFile(name, await readUserFile(name, 'fragment'));
      const fragment = fragmentOf(file, this.#mistakes);
      this.#read.set(name, fragment);
      this.#files.push(file);
      return fragment;
    } catch (error) {
      if (!(error instanceof OrchError)) throw error;
      return chain.length === 1 ? error.message : `${error.message} (${names})`;
    }
  }
}

/** The fragment that a file holds; null where its mistakes, which are told, leave nothing to include. */
export function fragmentOf(file: SourceFile, mistakes: Mistakes): Fragment | null {
  if (!mistakes.isYaml(file)) return null;
  const origins = new Origins(file);
  const value = fragmentValue(file, origins);
  const { corrected, asWritten } = checkForm({ value, origins }, fragmentForm, mistakes);
  for (const kind of ['phases', 'actions'] as const) {
    const items = valueAt(corrected, [kind]);
    const parameters = valueAt(corrected, ['parameters']);
    if (Array.isArray(items)) return { file, parameters, kind, items, path: asWritten([kind]) };
  }
  return null;
}

/** What a fragment file says, with its parameters in the long form. */
export function fragmentValue(file: SourceFile, origins: Origins): unknown {
  return withPart(withoutEmptySections(file.yaml.value, fragmentForm), 'parameters', (section) =>
    longForms(section, ['parameters'], origins),
  );
}
