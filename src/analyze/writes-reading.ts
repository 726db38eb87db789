import type { Correctness } from '../model/correctness.ts';
import type { Manifest } from '../model/manifest.ts';
import { readLedger } from '../store/ledger-reader.ts';
import type { RunDir } from '../store/run-dir.ts';

/** What is known of the writes that a run checked. */
export interface WritesReading {
  /** Null where it checked none, or where they were not read back. */
  readonly correctness: Correctness | null;
  /** Why they were not read back, as a sentence; null where they were, or where there were none. */
  readonly reason: string | null;
}

/** @throws OrchError as `readLedger` does */
export async function writesReading(run: RunDir, manifest: Manifest | null): Promise<WritesReading> {
  const { correctness = null } = manifest ?? {};
  if (correctness !== null) return { correctness, reason: null };
  const lines = await readLedger(run.writes);
  const written = lines?.filter(({ type }) => type === 'write').length ?? 0;
  if (written === 0) return { correctness, reason: null };
  const count = `${written} write${written === 1 ? ' was' : 's were'}`;
  return { correctness, reason: `${count} not read back: ${endText(manifest)}` };
}

/** How the run came to its end before that, as a clause. */
function endText(manifest: Manifest | null): string {
  if (manifest === null) return 'it has no manifest';
  const { status, reason, correctness_reason: why } = manifest;
  if (why !== undefined) return why;
  if (status === 'running') return 'it was cut off, or goes on';
  return reason ?? `it is ${status}`;
}
