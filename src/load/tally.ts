import type { Counts } from '../model/analysis.ts';
import { Histogram, type PackedHistogram } from '../model/histogram.ts';
import type { Outcome, RequestRecord } from '../model/record.ts';

/** What became of the requests to one node. */
export interface NodeTally {
  readonly counts: Readonly<Record<Outcome, number>>;
  /** From when each request was due, of those that were sent. */
  readonly latency: Histogram;
}

/** What became of requests, by node. Tallies add up, whichever thread made them. */
export interface Tally {
  readonly nodes: ReadonlyMap<string, NodeTally>;
  /** How often each error came, dropped requests among them. */
  readonly errors: ReadonlyMap<string, number>;
}

export class RunningTally implements Tally {
  readonly nodes = new Map<string, MutableNodeTally>();
  readonly errors = new Map<string, number>();

  add({ node, outcome, error, scheduledMs, doneMs }: RequestRecord): void {
    const { counts, latency } = this.#of(node);
    counts[outcome] += 1;
    if (outcome !== 'dropped') latency.add(doneMs - scheduledMs);
    if (outcome !== 'ok') this.errors.set(error, (this.errors.get(error) ?? 0) + 1);
  }

  merge(other: Tally): void {
    for (const [node, { counts, latency }] of other.nodes) {
      const mine = this.#of(node);
      for (const outcome of ['ok', 'fail', 'unknown', 'dropped'] as const)
        mine.counts[outcome] += counts[outcome];
      mine.latency.merge(latency);
    }
    for (const [error, count] of other.errors) this.errors.set(error, (this.errors.get(error) ?? 0) + count);
  }

  /** For another thread, by `RunningTally.of`. */
  get packed(): PackedTally {
    const nodes = [...this.nodes].map(([name, { counts, latency }]) => ({
      name,
      counts: { ...counts },
      latency: latency.packed,
    }));
    return { nodes, errors: [...this.errors] };
  }

  static of({ nodes, errors }: PackedTally): RunningTally {
    const tally = new RunningTally();
    for (const { name, counts, latency } of nodes)
      tally.nodes.set(name, { counts: { ...counts }, latency: Histogram.of(latency) });
    for (const [error, count] of errors) tally.errors.set(error, count);
    return tally;
  }

  #of(node: string): MutableNodeTally {
    const known = this.nodes.get(node);
    if (known !== undefined) return known;
    const made = { counts: { ok: 0, fail: 0, unknown: 0, dropped: 0 }, latency: new Histogram() };
    this.nodes.set(node, made);
    return made;
  }
}

interface MutableNodeTally {
  readonly counts: Record<Outcome, number>;
  readonly latency: Histogram;
}

export interface PackedTally {
  readonly nodes: readonly {
    readonly name: string;
    readonly counts: Readonly<Record<Outcome, number>>;
    readonly latency: PackedHistogram;
  }[];
  readonly errors: readonly (readonly [string, number])[];
}

/** Of all nodes together. */
export function totalOf({ nodes }: Tally): NodeTally {
  const counts = { ok: 0, fail: 0, unknown: 0, dropped: 0 };
  const latency = new Histogram();
  for (const node of nodes.values()) {
    for (const outcome of ['ok', 'fail', 'unknown', 'dropped'] as const)
      counts[outcome] += node.counts[outcome];
    latency.merge(node.latency);
  }
  return { counts, latency };
}

/** With how many were due: each has one outcome. */
export function withDue(counts: Readonly<Record<Outcome, number>>): Counts {
  const { ok, fail, unknown, dropped } = counts;
  return { due: ok + fail + unknown + dropped, ...counts };
}
