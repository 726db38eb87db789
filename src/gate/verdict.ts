import { compare, type Comparison } from '../model/comparison.ts';
import type { Gate, PlacedGate } from '../model/gate.ts';
import { type GateUnit, metricText, unitOf } from '../model/gate-metric.ts';
import type { Evidence } from './evidence.ts';
import type { FaultReading, Measured, Reading } from './reading.ts';
import { readingsOf } from './readings.ts';

export type Status = 'passed' | 'failed' | 'inconclusive';

/** What came of a gate. Values are in its unit: a share of 1% is 0.01, as in analysis.json. */
export interface GateVerdict {
  /** As it was written. */
  readonly gate: string;
  readonly name: string | null;
  readonly status: Status;
  readonly metric: string;
  readonly phase: string | null;
  readonly node: string | null;
  /** The id of the fault that it was decided by; null where it is of none in particular. */
  readonly fault: string | null;
  readonly comparison: Comparison;
  readonly limit: number;
  readonly unit: GateUnit;
  /** Null where it is not known. */
  readonly measured: number | null;
  /** Whether the true value may be higher. */
  readonly at_least: boolean;
  /** How far the value may be off; null where it is exact, or not known. */
  readonly uncertainty: number | null;
  /** How far the value is inside of the limit; negative where it is beyond. Null where it is not known. */
  readonly margin: number | null;
  /** The same in percent of the limit; null also where that is 0. */
  readonly margin_pct: number | null;
  /** What it was measured of, or why it is inconclusive, as a clause. */
  readonly why: string;
  /** `file:line:column`; null where it stands in no file. */
  readonly place: string | null;
}

/**
 * Holds a gate against what was measured.
 * @param doubt Why nothing may be concluded from the run; null where something may. Under a doubt no gate passes, and none
 * fails either: what was measured is told, but is not the nodes' doing for certain.
 */
export function verdictOf(
  { gate, place }: PlacedGate,
  evidence: Evidence,
  doubt: string | null,
): GateVerdict {
  const [worst] = readingsOf(gate, evidence)
    .map((found) => ({ ...found, ...judged(gate, found.reading) }))
    .toSorted(worstFirst);
  if (worst === undefined) throw new Error(`the gate ${gate.text} has no reading`);
  const { text, name, metric, phase, node, comparison, limit } = gate;
  const { status, reading, fault } = worst;
  return {
    gate: text,
    name,
    status: doubt === null ? status : 'inconclusive',
    metric: metricText(metric),
    phase,
    node,
    fault,
    comparison,
    limit,
    unit: unitOf(metric),
    ...figures(gate, reading),
    why: doubt ?? whyOf(gate, worst),
    place,
  };
}

const ranks = { failed: 0, inconclusive: 1, passed: 2 } as const satisfies Record<Status, number>;

/** What failed comes before what cannot be told, and that before what passed; then by how far from the limit it is. */
export function worstFirst(a: Ranked, b: Ranked): number {
  return ranks[a.status] - ranks[b.status] || (a.margin ?? 0) - (b.margin ?? 0);
}

type Ranked = Pick<GateVerdict, 'status' | 'margin'>;

interface Judged {
  readonly status: Status;
  /** For finding the worst of several. */
  readonly margin: number;
}

function judged(gate: Gate, reading: Reading): Judged {
  if ('unknown' in reading) return { status: 'inconclusive', margin: 0 };
  const status = isWithinUncertainty(gate, reading) ? 'inconclusive' : statusOf(gate, reading);
  return { status, margin: marginOf(gate, reading.value) };
}

/** Whether the true value may be on either side of the limit. */
function isWithinUncertainty({ limit }: Gate, { value, uncertainty }: Measured): boolean {
  return uncertainty !== null && Math.abs(value - limit) < uncertainty;
}

/** A value that may be higher decides a gate only where every higher one would decide it alike. */
function statusOf({ comparison, limit }: Gate, { value, isAtLeast }: Measured): Status {
  const here = compare(value, comparison, limit);
  if (isAtLeast) {
    const meetsLimit = (comparison === '==' || comparison === '!=') && value < limit;
    if (meetsLimit || compare(Number.POSITIVE_INFINITY, comparison, limit) !== here) return 'inconclusive';
  }
  return here ? 'passed' : 'failed';
}

function marginOf({ comparison, limit }: Gate, value: number): number {
  switch (comparison) {
    case '<':
    case '<=':
      return limit - value;
    case '>':
    case '>=':
      return value - limit;
    case '==':
      // Not −0, which text would show.
      return value === limit ? 0 : -Math.abs(value - limit);
    case '!=':
      return Math.abs(value - limit);
  }
}

function figures(
  gate: Gate,
  reading: Reading,
): Pick<GateVerdict, 'measured' | 'at_least' | 'uncertainty' | 'margin' | 'margin_pct'> {
  if ('unknown' in reading)
    return { measured: null, at_least: false, uncertainty: null, margin: null, margin_pct: null };
  const margin = marginOf(gate, reading.value);
  return {
    measured: reading.value,
    at_least: reading.isAtLeast,
    uncertainty: reading.uncertainty,
    margin,
    margin_pct: gate.limit === 0 ? null : (margin / gate.limit) * 100,
  };
}

function whyOf(gate: Gate, { reading }: FaultReading): string {
  if ('unknown' in reading) return reading.unknown;
  return isWithinUncertainty(gate, reading)
    ? `${reading.of}; the limit lies within its uncertainty`
    : reading.of;
}
