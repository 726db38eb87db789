import { fileURLToPath } from 'node:url';

/** The file of another entry point, beside the one that asks: a `.ts` in the sources, a `.js` once built. */
export function entryPath(relative: string, askerUrl: string): string {
  return fileURLToPath(new URL(`${relative}${askerUrl.endsWith('.ts') ? '.ts' : '.js'}`, askerUrl));
}
