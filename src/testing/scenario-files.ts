import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type LoadedScenario, loadScenario } from '../config/load.ts';
import { OrchError } from '../model/errors.ts';
import { temporaryDir } from './run-files.ts';

interface Given {
  readonly set?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Real files in a directory of their own, one of which is a scenario: `s.yaml`. */
export class ScenarioFiles {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  static async make(): Promise<ScenarioFiles> {
    return new ScenarioFiles(await temporaryDir());
  }

  async write(name: string, lines: readonly string[]): Promise<string> {
    const path = join(this.directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, lines.join('\n'));
    return path;
  }

  async load(lines: readonly string[], { set = [], env = {} }: Given = {}): Promise<LoadedScenario> {
    const name = await this.write('s.yaml', lines);
    return loadScenario({ name, directories: [], nodes: undefined, outside: { set, env } });
  }

  mistakesIn(lines: readonly string[], given: Given = {}): Promise<readonly string[]> {
    return this.mistakesOf(this.load(lines, given));
  }

  async mistakesOf(loading: Promise<unknown>): Promise<readonly string[]> {
    try {
      await loading;
    } catch (error) {
      if (!(error instanceof OrchError) || error.code !== 'yaml-invalid') throw error;
      return error.details.map((line) => this.short(line));
    }
    return [];
  }

  /** A text without the directory before the files' names. */
  short(text: string): string {
    return text.replaceAll(`${this.directory}/`, '');
  }
}
