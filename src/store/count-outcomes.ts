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
    const {
      table: { cells },
    } = await readMetrics(run);
    for (let cell = 0; cell < cells.count; cell += 1) {
      const outcome = outcomes[groupOf.outcome(cells.groupOf(cell))]!;
      counts[outcome] += cells.rowsOf(cell);
      counts.due += cells.rowsOf(cell);
    }
  } catch (error) {
    // No row is a number too.
    if (!(error instanceof OrchError)) throw error;
  }
  return counts;
}
