import { randomBytes } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { errnoOf } from '../model/errors.ts';
import { ioError } from './io-error.ts';

/**
 * Replaces a file as a whole: a reader sees the old text or the new one, never half of one. On a full disk, where the
 * new text has no room beside the old, it is written over it instead: better that than a stale file.
 * @throws OrchError `disk-full`, `no-permission`, `write-failed`
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
    await rm(temporary, { force: true });
    if (errnoOf(error) !== 'ENOSPC') throw ioError(error, path, 'writing');
    await writeFile(path, content).catch((again: unknown) => {
      throw ioError(again, path, 'writing');
    });
  }
}

/** Whether a file is what `replaceFile` was writing to when its process was killed. */
export function isTemporary(name: string): boolean {
  return /\.[0-9a-f]{8}\.tmp$/.test(name);
}

/** JSON with two blanks of indent and a newline at the end. */
export function replaceJson(path: string, value: unknown): Promise<void> {
  return replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
