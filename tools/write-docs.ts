import { readFileSync, writeFileSync } from 'node:fs';
import { withFaultTable } from './fault-table.ts';

/** Writes what README has from the code. A test keeps the two equal. */
const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withFaultTable(readFileSync(readme, 'utf8')));
