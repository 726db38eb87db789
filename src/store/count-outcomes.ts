import type { Counts } from '../model/analysis.ts';
import { OrchError } from '../model/errors.ts';
import { outcomes } from '../model/record.ts';
import { readMetrics } from './metrics-reader.ts';
import { groupOf } from './metrics-reader-table.ts';
import type { RunDir } from './run-dir.ts';

/** How many requests a run's rows hold, by outcome: for a run that could not count to its end. */
export async function countOutcomes(run: RunDir): Promise<Counts> {
  const counts = { due: 0, ok: 0, fail: 0, unknown: 0, dropped: 0 };
  try {
    const { table } = await readMetrics(run);
    for (const { group, count } of table.chunks) {
      for (let row = 0; row < count; row += 1) {
        const outcome = outcomes[groupOf.outcome(group[row]!)];
        if (outcome !== undefined) counts[outcome] += 1;
      }
      counts.due += count;
    }
  } catch (error) {
    // No row is a number too.
    if (!(error instanceof OrchError)) throw error;
  }
  return counts;
}
