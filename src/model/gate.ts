import type { Comparison } from './comparison.ts';
import type { GateMetric } from './gate-metric.ts';

/** A sentence that a run passes or fails on, such as `p(99) < 250 during recovery`. */
export interface Gate {
  /** As it was written. */
  readonly text: string;
  /** What it is called where results are shown; null: by its text. */
  readonly name: string | null;
  readonly metric: GateMetric;
  readonly comparison: Comparison;
  /** In the unit of the metric: a share of 1%, for one, is 0.01. */
  readonly limit: number;
  /** Only what belongs to this phase counts; null: all of the run. */
  readonly phase: string | null;
  /** Only what belongs to this node counts; null: all of them. */
  readonly node: string | null;
}

/** A gate, and where it stands: `file:line:column`, or null where it stands in no file. */
export interface PlacedGate {
  readonly gate: Gate;
  readonly place: string | null;
}
