import { type Config, configSchema } from '../model/config.ts';
import type { RunEvent } from '../model/event.ts';
import type { Manifest } from '../model/manifest.ts';

/** Rows reach the file within a quarter of a second, and requests may be sent a little late. */
const writingSec = 1;
/** How the one who cleans up after a run begins its reason. */
const cutOff = /^cut off\b/;

/**
 * A request in flight when its run is cut off has no row, so that the successes of its last seconds are there and what was
 * to fail is not. How many seconds before the last row that may concern; null for a run that came to its own end.
 */
export function untoldSec(manifest: Manifest | null, events: readonly RunEvent[]): number | null {
  if (!wasCutOff(manifest, events)) return null;
  // The config of a manifest is kept as it was, also where it is of an older version.
  const { load }: Partial<Config> = manifest?.config ?? {};
  return (load ?? configSchema.parse({}).load).timeout_sec + writingSec;
}

function wasCutOff(manifest: Manifest | null, events: readonly RunEvent[]): boolean {
  if (manifest?.status === 'running') return true;
  const ended = manifest ?? events.findLast((event) => event.type === 'run_ended');
  return ended?.status === 'interrupted' && cutOff.test(ended.reason ?? '');
}
