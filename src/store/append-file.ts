import { appendFile as append } from 'node:fs/promises';
import { ioError } from './io-error.ts';

/**
 * Adds text at a file's end; makes the file where there is none.
 * @throws OrchError `disk-full`, `no-permission`, `write-failed`
 */
export async function appendFile(path: string, text: string): Promise<void> {
  try {
    await append(path, text);
  } catch (error) {
    throw ioError(error, path, 'writing');
  }
}
