import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { errnoOf, messageOf, OrchError } from '../model/errors.ts';

/** @throws OrchError `file-not-found` or `no-permission` */
export async function readUserFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(error, path, what);
  }
}

/**
 * The first that exists of: the path as given, and its name in each of the `scenarios/` directories.
 * `.yaml` may be left out.
 * @throws OrchError `file-not-found`, naming every place that was looked at
 */
export async function findScenario(name: string, directories: readonly string[]): Promise<string> {
  const places = [name, ...(isAbsolute(name) ? [] : directories.map((directory) => join(directory, name)))];
  const candidates = places.flatMap((place) => (/\.ya?ml$/.test(place) ? [place] : [place, `${place}.yaml`]));
  for (const candidate of candidates) if (await isReadableThing(candidate)) return candidate;
  throw new OrchError('file-not-found', `there is no scenario ${name}`, {
    details: candidates.map((candidate) => `looked for ${candidate}`),
    hint: 'Name a YAML file, or one that stands in scenarios/.',
  });
}

/** A file, a pipe or a device; a directory is not what anyone means by a scenario. */
async function isReadableThing(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function fileError(error: unknown, path: string, what: string): OrchError {
  const errno = errnoOf(error);
  if (errno === 'ENOENT' || errno === 'ENOTDIR')
    return new OrchError('file-not-found', `there is no ${what} ${path}`, { cause: error });
  if (errno === 'EISDIR') return new OrchError('file-not-found', `${path} is a directory, not a ${what}`);
  return new OrchError('no-permission', `the ${what} ${path} cannot be read: ${messageOf(error)}`, {
    cause: error,
  });
}
