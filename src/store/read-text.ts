import { readFile } from 'node:fs/promises';
import { errnoOf, OrchError } from '../model/errors.ts';

/**
 * The text of a file, or null where there is none.
 * @throws OrchError `no-permission`, `file-not-found` where it is a directory
 */
export async function readTextIfAny(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
    if (errno === 'EISDIR')
      throw new OrchError('file-not-found', `${path} is a directory, not a file`, { cause: error });
    if (errno !== 'EACCES' && errno !== 'EPERM') throw error;
    throw new OrchError('no-permission', `no permission to read ${path}`, { cause: error });
  }
}
