import { existsSync } from 'node:fs';
import { entryPath } from '../entry-path.ts';

/** The entry point of the demo service, which embedded HTTP nodes run. */
export const demoEntry = entryPath('../../demo/main', import.meta.url);

/** Whether there is a service for embedded HTTP nodes to run, for `orch doctor`. */
export function lookForDemo(entry = demoEntry): { usable: boolean; says: string } {
  if (existsSync(entry)) return { usable: true, says: 'need nothing more' };
  return { usable: false, says: `the demo service that they run is not there: no ${entry}` };
}
