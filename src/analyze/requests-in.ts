import type { Counts } from '../model/analysis.ts';
import { outcomes } from '../model/record.ts';
import { readEvents } from '../store/events-reader.ts';
import { readManifest } from '../store/manifest-reader.ts';
import { readMetrics } from '../store/metrics-reader.ts';
import { groupOf, type MetricsTable } from '../store/metrics-reader-table.ts';
import type { RunDir } from '../store/run-dir.ts';
import { onOneClock } from './one-clock.ts';
import { quantile } from '../stats/quantile.ts';
import { phaseFinder } from './timeline.ts';

/** Which requests of a run are meant: null for those of all phases, or of all nodes. */
export interface Scope {
  readonly phase: string | null;
  readonly node: string | null;
}

/** The requests of a scope. Latencies are of those that were sent, from their scheduled send. */
export interface RequestsIn {
  readonly counts: Counts;
  /** How many have a latency. */
  readonly sent: number;
  /** Any quantile, exact; null where nothing was sent. */
  readonly quantileMs: (share: number) => number | null;
  readonly meanMs: number | null;
  readonly maxMs: number | null;
}

/**
 * Looks at a run's rows once more, for what its tables do not have: any quantile, of a phase and a node at once. The
 * latencies of each scope are kept, four bytes for each.
 * @throws OrchError as `readMetrics` does
 */
export async function requestsIn(run: RunDir, scopes: readonly Scope[]): Promise<readonly RequestsIn[]> {
  if (scopes.length === 0) return [];
  const { manifest } = await readManifest(run.manifest);
  const { events } = await readEvents(run.events);
  const phaseAt = phaseFinder(onOneClock(events, manifest?.started_at_sec ?? null));
  const { table } = await readMetrics(run, phaseAt === null ? {} : { phaseAt });
  const found = scopes.map((scope) => requestsOf(table, scope));
  table.release();
  return found;
}

function requestsOf({ cells, nodes, phases }: MetricsTable, scope: Scope): RequestsIn {
  const own: number[] = [];
  const byOutcome = outcomes.map(() => 0);
  let sent = 0;
  for (let cell = 0; cell < cells.count; cell += 1) {
    const group = cells.groupOf(cell);
    if (scope.phase !== null && phases[groupOf.phase(group)] !== scope.phase) continue;
    if (scope.node !== null && nodes[groupOf.node(group)] !== scope.node) continue;
    own.push(cell);
    byOutcome[groupOf.outcome(group)]! += cells.rowsOf(cell);
    sent += cells.sentOf(cell);
  }
  const latenciesUs = new Uint32Array(sent);
  let length = 0;
  for (const cell of own) {
    cells.eachPiece(cell, (values, from, to) => {
      latenciesUs.set(values.subarray(from, to), length);
      length += to - from;
    });
  }
  latenciesUs.sort();
  const [ok, fail, unknown, dropped] = byOutcome;
  const counts = { ok: ok!, fail: fail!, unknown: unknown!, dropped: dropped! };
  return {
    counts: { due: counts.ok + counts.fail + counts.unknown + counts.dropped, ...counts },
    sent,
    quantileMs: (share) => (sent === 0 ? null : quantile(latenciesUs, share) / 1000),
    meanMs: sent === 0 ? null : latenciesUs.reduce((sum, valueUs) => sum + valueUs, 0) / sent / 1000,
    maxMs: sent === 0 ? null : latenciesUs.at(-1)! / 1000,
  };
}
