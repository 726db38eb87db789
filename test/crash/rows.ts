import { readFileSync } from 'node:fs';
import type { RunEvent } from '../../src/model/event.ts';
import { messageOf, OrchError } from '../../src/model/errors.ts';
import { readMetrics } from '../../src/store/metrics-reader.ts';
import type { RunDir } from '../../src/store/run-dir.ts';
import { scenario } from './victim.ts';

const mayBeMissingMs = 1_000;
/** A request that is due to the very millisecond is due on either side of it. */
const slackRows = 1;

/** How many rows there are, and whether any is missing that was due more than a second before the kill. */
export async function rowProblems(
  dir: RunDir,
  events: readonly RunEvent[],
  killedAtMs: number,
): Promise<{ count: number; problems: readonly string[] }> {
  const zero = events.find(({ type }) => type === 'run_started');
  const load = events.find(({ type }) => type === 'load_changed');
  const zeroMs = zero === undefined ? killedAtMs : zero.wall_sec * 1000 - zero.run_ms;
  // Load that begins a little late is held to the plan, which has it begin with the run.
  const fromMs = load === undefined || load.run_ms < 100 ? 0 : load.run_ms;
  const untilMs = Math.min(killedAtMs - mayBeMissingMs - zeroMs, scenario.endMs);
  const due = load === undefined ? 0 : Math.max(Math.floor(((untilMs - fromMs) * scenario.rps) / 1000), 0);
  try {
    const { table, leftOut } = await readMetrics(dir);
    const problems: string[] = [];
    if (leftOut.rows > 0) problems.push(`rows that cannot be read: ${leftOut.samples.join('; ')}`);
    const written = timesMs(dir).filter((atMs) => atMs - zeroMs < untilMs).length;
    if (written < due - slackRows) problems.push(`${due - written} rows are missing of ${due}`);
    return { count: table.rows, problems };
  } catch (error) {
    const isEmpty = error instanceof OrchError && error.code === 'no-data' && due <= slackRows;
    return { count: 0, problems: isEmpty ? [] : [`metrics.csv cannot be read: ${messageOf(error)}`] };
  }
}

function timesMs({ metrics }: RunDir): readonly number[] {
  const rows = readFileSync(metrics, 'utf8').split('\n').slice(1, -1);
  return rows.map((row) => Number(row.split(',')[0]) * 1000);
}
