import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf, OrchError } from '../model/errors.ts';
import { ioError } from './io-error.ts';

/**
 * Replaces a file as a whole: a reader sees the old text or the new one, never half of one. On a full disk, where the
 * new text has no room beside the old, it is written over it instead: better that than a stale file.
 * @throws OrchError `file-not-found` (no such directory), `disk-full`, `no-permission`, `write-failed`
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    // A failing clean-up never hides the first error.
    await rm(temporary, { force: true }).catch(() => {});
    if (errnoOf(error) !== 'ENOSPC') throw noPlace(error, path) ?? ioError(error, path, 'writing');
    await writeFile(path, content).catch((again: unknown) => {
      throw ioError(again, path, 'writing');
    });
  }
}

/**
 * That a file can be written there, as far as can be seen beforehand.
 * @throws OrchError `file-not-found` (no such directory, or it is one itself), `no-permission`
 */
export async function refuseNoPlace(path: string): Promise<void> {
  try {
    // With the dot, a file in the place of the directory is found out too; join would drop it.
    await access(`${dirname(path)}/.`, constants.W_OK);
  } catch (error) {
    throw noPlace(error, path) ?? ioError(error, path, 'writing');
  }
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) throw isDirectory(path);
}

/**
 * Removes a file where there is one; what is none, such as a device or a link to one, stays.
 * @throws OrchError `no-permission`, `write-failed`
 */
export async function removeFile(path: string): Promise<void> {
  try {
    const found = await lstat(path).catch(() => null);
    if (found?.isFile() === true) await rm(path, { force: true });
  } catch (error) {
    throw ioError(error, path, 'removing');
  }
}

/** The error of a path that no file can stand at: the user named it. */
function noPlace(error: unknown, path: string): OrchError | undefined {
  const errno = errnoOf(error);
  if (errno === 'EISDIR' || errno === 'ENOTEMPTY') return isDirectory(path, error);
  if (errno !== 'ENOENT' && errno !== 'ENOTDIR') return undefined;
  return new OrchError('file-not-found', `there is no directory ${dirname(path)} to write ${path} in`, {
    hint: 'Make it, or name another file.',
    cause: error,
  });
}

function isDirectory(path: string, cause?: unknown): OrchError {
  const hint = 'Name a file, in it or elsewhere.';
  return new OrchError('file-not-found', `${path} is a directory, not a file`, { hint, cause });
}

/** Whether a file is what `replaceFile` was writing to when its process was killed. */
export function isTemporary(name: string): boolean {
  return /\.[0-9a-f]{8}\.tmp$/.test(name);
}

/** JSON with two blanks of indent and a newline at the end. */
export function replaceJson(path: string, value: unknown): Promise<void> {
  return replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
