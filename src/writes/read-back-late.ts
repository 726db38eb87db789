import type { Clock } from '../clock/clock.ts';
import type { Correctness } from '../model/correctness.ts';
import { messageOf } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import { hiddenValue } from '../model/variables.ts';
import { readLedger } from '../store/ledger-reader.ts';
import { type CheckLine, type LedgerLine, LedgerWriter } from '../store/ledger-writer.ts';
import type { RunDir } from '../store/run-dir.ts';
import type { PlannedWrites } from './planned-writes.ts';
import { WriteChecks } from './write-checks.ts';

export interface LateReadOptions {
  readonly dir: RunDir;
  readonly manifest: Manifest;
  readonly clock: Clock;
}

/** What came of it; or why it could not be done, as a clause. */
export type LateRead = { readonly correctness: Correctness } | { readonly why: string };

/** What is not read by then stays unread. */
const limitMs = 60_000;

/**
 * Reads back what a run has written whose own process could not, by its ledger alone. Null where it wrote nothing. Never
 * rejects.
 */
export async function readBackLate(options: LateReadOptions): Promise<LateRead | null> {
  try {
    const lines = await readLedger(options.dir.writes);
    if (lines === null || !lines.some(({ type }) => type === 'write')) return null;
    const checks = checksOf(lines.filter(isCheck), options.manifest);
    return typeof checks === 'string' ? { why: checks } : await readAll(checks, lines, options);
  } catch (error) {
    return { why: messageOf(error) };
  }
}

async function readAll(
  checks: readonly PlannedWrites[],
  lines: readonly LedgerLine[],
  { dir, clock }: LateReadOptions,
): Promise<LateRead> {
  // A line that cannot be written is missing in the ledger; what was read is known all the same.
  const ledger = await LedgerWriter.continue(dir.writes, () => {});
  const record = (line: LedgerLine) => ledger.append(line);
  const written = lines.filter((line) => !isCheck(line));
  const taken = await WriteChecks.takenUp({ checks, runId: dir.id, clock, startMs: 0, record }, written);
  try {
    return { correctness: await taken.readBack(AbortSignal.timeout(limitMs)) };
  } finally {
    taken.close();
    await ledger.close();
  }
}

/** The checks as they were, or why they cannot be told, as a clause. */
function checksOf(
  lines: readonly CheckLine[],
  { driver, nodes }: Manifest,
): readonly PlannedWrites[] | string {
  if (lines.length === 0) return 'its ledger does not say how they are read';
  if (driver.name === 'process') return 'its embedded nodes ended with it';
  const checks: PlannedWrites[] = [];
  for (const { check: name, nodes: names, asked } of lines) {
    const own = nodes.filter((node) => names.includes(node.name));
    if (asked === null) return 'how they are read is secret in part, and was not kept';
    if (own.some(({ url }) => url.includes(hiddenValue))) return 'the password of their nodes was not kept';
    if (own.length < names.length) return 'its manifest does not have their nodes';
    checks.push({ name, nodes: own, readFrom: [], asked });
  }
  return checks;
}

function isCheck(line: LedgerLine): line is CheckLine {
  return line.type === 'check';
}
