import { readFileSync, writeFileSync } from 'node:fs';
import { madeParts, withMade } from './made-parts.ts';

/** Writes what the documents have from the code. */
for (const part of madeParts) {
  const page = new URL(`../${part.page}`, import.meta.url);
  writeFileSync(page, withMade(readFileSync(page, 'utf8'), part));
}
