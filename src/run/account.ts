import type { Counts } from '../model/analysis.ts';
import { messageOf } from '../model/errors.ts';
import { outcomes } from '../model/record.ts';
import type { GeneratorReport } from '../load/generator.ts';
import type { MetricsWriter } from '../store/metrics-writer.ts';

export interface Account {
  readonly generator: Pick<GeneratorReport, 'due' | 'counts'>;
  /** What was recorded, by outcome. */
  readonly recorded: Counts;
  readonly lostRows: number;
  /** What the file holds, counted in it. */
  readonly fileRows: number;
}

/**
 * What does not add up, as clauses; none where each request that was due has one outcome and one row, which is in the file
 * or was told to be lost.
 */
export function mismatches({ generator, recorded, lostRows, fileRows }: Account): readonly string[] {
  const { ok, fail, unknown, dropped } = generator.counts;
  const ended = ok + fail + unknown + dropped;
  const found: string[] = [];
  if (generator.due !== ended)
    found.push(`${generator.due} requests were due, and ${ended} came to an outcome`);
  for (const outcome of outcomes)
    if (generator.counts[outcome] !== recorded[outcome])
      found.push(
        `${generator.counts[outcome]} were ${outcome}, and ${recorded[outcome]} were recorded as that`,
      );
  if (fileRows !== recorded.due - lostRows)
    found.push(
      `${recorded.due} rows were recorded and ${lostRows} of them lost, and the file holds ${fileRows}`,
    );
  return found;
}

/** Holds what a generator did against the rows that there are; null where they agree. */
export async function accountError(
  generator: Account['generator'],
  metrics: MetricsWriter,
): Promise<Error | null> {
  try {
    const { counts: recorded, lostRows } = metrics;
    const wrong = mismatches({ generator, recorded, lostRows, fileRows: await metrics.countRows() });
    return wrong.length === 0
      ? null
      : new Error(`the account of requests does not add up: ${wrong.join('; ')}`);
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}
