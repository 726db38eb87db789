import type { SeriesWrites } from '../model/series-analysis.ts';
import type { Observation } from './observation.ts';

/**
 * What became of the writes of some runs together; null where none of them checked any. Runs that show nothing else are part
 * of it: a write that was acknowledged and is not there is lost, whatever else the run was.
 */
export function seriesWrites(runs: readonly Pick<Observation, 'id' | 'writes'>[]): SeriesWrites | null {
  const known = runs.flatMap(({ writes: { correctness } }) => correctness ?? []);
  const notKnown = runs.flatMap(({ id, writes: { correctness, reason } }) => {
    const unread = total(correctness?.checks ?? [], (check) => check.unread);
    const why = reason ?? (unread === 0 ? null : `${unread} of its writes could not be read back`);
    return why === null ? [] : [{ run_id: id, why }];
  });
  if (known.length === 0 && notKnown.length === 0) return null;
  const checks = known.flatMap((one) => one.checks);
  const counted = checks.filter(({ duplicates }) => duplicates !== null);
  return {
    runs: known.length,
    acknowledged: total(checks, ({ acknowledged }) => acknowledged),
    lost_writes: total(checks, ({ lost }) => lost),
    duplicates: counted.length === 0 ? null : total(counted, ({ duplicates }) => duplicates ?? 0),
    stale_reads: total(checks, ({ stale_reads: stale }) => stale),
    not_known: notKnown,
  };
}

function total<T>(of: readonly T[], count: (one: T) => number): number {
  return of.reduce((sum, one) => sum + count(one), 0);
}
