import type { Clock } from '../clock/clock.ts';
import type { Correctness, WritesFound } from '../model/correctness.ts';
import type { NodeSpec } from '../model/node.ts';
import type { LedgerLine, TokenLine } from '../store/ledger-writer.ts';
import type { WriteStore } from '../target/write-store.ts';
import type { PlannedWrites } from './planned-writes.ts';
import { inTurn, thePrimary, type Whereabouts } from './whereabouts.ts';
import { WriteCheck } from './write-check.ts';

export interface WriteChecksOptions {
  readonly checks: readonly PlannedWrites[];
  readonly runId: string;
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  readonly record: (line: LedgerLine) => void;
}

export interface NewChecksOptions extends WriteChecksOptions {
  /** Whether how tokens are written and read may be part of the ledger. */
  readonly keepsRequests: boolean;
}

const roleLimitMs = 500;

/** All checks of a run that write. */
export class WriteChecks {
  readonly #checks: readonly WriteCheck[];
  readonly #stores: readonly WriteStore[];

  private constructor(checks: readonly WriteCheck[], stores: readonly WriteStore[]) {
    this.#checks = checks;
    this.#stores = stores;
  }

  /** Null where there are none: what they need is not loaded then. */
  static async open({ keepsRequests, ...options }: NewChecksOptions): Promise<WriteChecks | null> {
    const { checks, runId, record } = options;
    if (checks.length === 0) return null;
    for (const [index, { name, nodes, asked }] of checks.entries())
      record({
        type: 'check',
        check: name,
        prefix: prefixOf(runId, index),
        nodes: nodes.map((node) => node.name),
        asked: keepsRequests ? asked : null,
      });
    return WriteChecks.#of(options);
  }

  /** Those of a process that is no more, to be read back. */
  static async takenUp(options: WriteChecksOptions, lines: readonly TokenLine[]): Promise<WriteChecks> {
    const taken = await WriteChecks.#of(options);
    for (const check of taken.#checks) check.takeUp(lines);
    return taken;
  }

  static async #of({ checks, runId, ...shared }: WriteChecksOptions): Promise<WriteChecks> {
    const opened = await Promise.all(
      checks.map(async ({ name, nodes, readFrom, asked }, index) => {
        const prefix = prefixOf(runId, index);
        const { store, where } = await openStore(nodes, asked, prefix);
        const readers = readFrom.length === 0 ? undefined : inTurn(readFrom);
        const { rps, settle_sec: settleSec } = asked;
        const settleMs = settleSec * 1000;
        return {
          store,
          check: new WriteCheck({ name, prefix, rps, settleMs, store, where, readers, ...shared }),
        };
      }),
    );
    return new WriteChecks(
      opened.map(({ check }) => check),
      opened.map(({ store }) => store),
    );
  }

  begin(): void {
    for (const check of this.#checks) check.begin();
  }

  /** Writes no more. */
  async end(): Promise<void> {
    await Promise.all(this.#checks.map((check) => check.end()));
  }

  async readBack(stop: AbortSignal): Promise<Correctness> {
    return correctnessOf(await Promise.all(this.#checks.map((check) => check.readBack(stop))));
  }

  close(): void {
    for (const store of this.#stores) store.close();
  }
}

function prefixOf(runId: string, index: number): string {
  return `${runId}.${index + 1}`;
}

async function openStore(
  nodes: readonly NodeSpec[],
  { http, timeout_sec: timeoutSec, wait }: PlannedWrites['asked'],
  prefix: string,
): Promise<{ readonly store: WriteStore; readonly where: Whereabouts }> {
  const timeoutMs = timeoutSec * 1000;
  if (http !== undefined) {
    const { httpWrites } = await import('../target/http-writes.ts');
    return { store: httpWrites({ ...http, timeoutMs }), where: inTurn(nodes) };
  }
  const { redisWrites } = await import('../target/redis-writes.ts');
  const { askRole } = await import('../target/redis.ts');
  const store = redisWrites({ prefix: `orch:writes:${prefix}`, timeoutMs, wait });
  return { store, where: thePrimary(nodes, (node) => askRole(node, roleLimitMs)) };
}

function correctnessOf(checks: readonly WritesFound[]): Correctness {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const lost = total(checks.map((check) => check.lost));
  const duplicates = checks.map((check) => check.duplicates).filter((count) => count !== null);
  const isUnread = checks.some(({ unread }) => unread > 0);
  // Some that were found say something also where others could not be read; that none were does not.
  const known = (count: number) => (isUnread && count === 0 ? null : count);
  return {
    lost_writes: known(lost),
    duplicates: duplicates.length === 0 ? null : known(total(duplicates)),
    stale_reads: total(checks.map((check) => check.stale_reads)),
    checks,
  };
}
