import type { NodeTally } from '../load/tally.ts';
import type { Progress } from '../run/observer.ts';

/** What the live view shows of the second that has passed. */
export interface LiveFigures {
  /** The rate that is meant of open loads; null while there is none. */
  readonly targetRps: number | null;
  /** Per second. */
  readonly rates: Readonly<Record<'due' | 'sent' | 'done', number>>;
  readonly p50LatencyMs: number | null;
  readonly p95LatencyMs: number | null;
  readonly p99LatencyMs: number | null;
  readonly inFlight: number;
  /** 0..1; null where the outcome of no request became known. */
  readonly errorRate: number | null;
  readonly totalErrors: number;
  /** Of the whole run, those that came just now first, then by how often they came. */
  readonly errors: readonly ErrorFigure[];
  /** By name: the nodes of which the outcome of a request became known. */
  readonly nodes: ReadonlyMap<string, NodeFigure>;
}

export interface ErrorFigure {
  readonly error: string;
  readonly count: number;
  readonly isRecent: boolean;
}

export interface NodeFigure {
  readonly okRps: number;
  readonly errorRps: number;
}

/** Makes figures of what is told once a second: rates are what has come since the time before. */
export class LiveFigureBook {
  #before = { runMs: 0, due: 0, sent: 0, done: 0 };

  see({ runMs, targetRps, live }: Progress): LiveFigures {
    const { recent, total, totalDue, totalDone } = live;
    let dropped = 0;
    for (const { counts } of total.nodes.values()) dropped += counts.dropped;
    // Each request that is due is sent at once, or else dropped at once.
    const now = { runMs, due: totalDue, sent: totalDue - dropped, done: totalDone - dropped };
    const before = this.#before;
    this.#before = now;
    const seconds = Math.max(runMs - before.runMs, 1) / 1000;
    const rate = (count: 'due' | 'sent' | 'done') => (now[count] - before[count]) / seconds;
    return {
      targetRps,
      rates: { due: rate('due'), sent: rate('sent'), done: rate('done') },
      p50LatencyMs: live.p50LatencyMs,
      p95LatencyMs: live.p95LatencyMs,
      p99LatencyMs: live.p99LatencyMs,
      inFlight: live.inFlight,
      errorRate: live.errorRate,
      totalErrors: live.totalErrors,
      errors: [...total.errors]
        .map(([error, count]) => ({ error, count, isRecent: recent.errors.has(error) }))
        .sort((a, b) => Number(b.isRecent) - Number(a.isRecent) || b.count - a.count),
      nodes: new Map([...recent.nodes].map(([name, tally]) => [name, nodeFigure(tally, seconds)])),
    };
  }
}

function nodeFigure({ counts }: NodeTally, seconds: number): NodeFigure {
  const { ok, fail, unknown, dropped } = counts;
  return { okRps: ok / seconds, errorRps: (fail + unknown + dropped) / seconds };
}
