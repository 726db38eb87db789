import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

export interface ComposeProjectOptions {
  /** control.docker.project of config.yaml. */
  readonly project?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `docker compose` would be called. */
  readonly directory: string;
  /** Reads the `name:` at the top of a Compose file. */
  readonly readName: (text: string) => string | undefined;
}

/** Compose takes the first that exists. */
const fileNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/**
 * The compose project's name, as Compose v2 itself comes to it: what is asked for, else COMPOSE_PROJECT_NAME of the
 * environment or of the project's `.env`, else the Compose file's `name:` (an override file's first), else the base
 * name of the project's directory, which is the nearest one upwards with a Compose file. A `name:` with `${…}` and the
 * variable COMPOSE_FILE are not followed: set the name in such a case. Empty where Compose would refuse to name it.
 */
export async function composeProject(options: ComposeProjectOptions): Promise<string> {
  const { project, env, readName } = options;
  const asked = project ?? env['COMPOSE_PROJECT_NAME'];
  if (asked) return asked;
  const start = resolve(options.directory);
  const home = await nearest(start);
  const directory = home?.directory ?? start;
  const fromEnvFile = envFileValue(await textOf(join(directory, '.env')), 'COMPOSE_PROJECT_NAME');
  if (fromEnvFile) return fromEnvFile;
  const override = home && (await firstOf(directory, overrideNames));
  const named = (override && readName(override)) ?? (home && readName(home.text));
  return normalise(named ?? basename(directory));
}

/** Whether `docker compose` would find a file in the directory or one above. */
export async function hasComposeFile(directory: string): Promise<boolean> {
  return (await nearest(directory)) !== undefined;
}

async function nearest(directory: string): Promise<{ directory: string; text: string } | undefined> {
  const text = await firstOf(directory, fileNames);
  if (text !== undefined) return { directory, text };
  const parent = dirname(directory);
  return parent === directory ? undefined : nearest(parent);
}

async function firstOf(directory: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const text = await textOf(join(directory, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** A variable of a project's `.env`: `NAME=value`, `export NAME = "value" # comment`. */
export function envFileValue(text: string | undefined, name: string): string | undefined {
  const line = new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(.*)$`, 'm').exec(text ?? '')?.[1];
  return /^(["'])(.*?)\1/.exec(line ?? '')?.[2] ?? line?.replace(/(^|\s)#.*$/, '').trim();
}

/** Lower case, then only letters, digits, `_` and `-`, and the first a letter or digit. */
function normalise(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}
