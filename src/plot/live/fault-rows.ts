import type { FaultSpan } from '../../model/analysis.ts';
import { labelOf } from '../strip.ts';
import { textWidth } from '../text.ts';
import { panelWidth, spanSec } from '../timeline.ts';
import type { LiveChartInput } from './input.ts';
import { fontSize, type RowHead } from './look.ts';

/** One stretch of a fault's life. */
export interface FaultPart {
  readonly part: 'requested' | 'in force' | 'undone';
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly bottom: number;
}

export interface FaultName {
  readonly start: number;
  readonly end: number;
  readonly middle: number;
  readonly name: string;
  /** How wide it is, in pixels. */
  readonly width: number;
}

interface FaultRows {
  readonly parts: readonly FaultPart[];
  readonly names: readonly FaultName[];
  readonly heads: readonly RowHead[];
  /** Null where there is no fault. */
  readonly bottom: number | null;
}

/** A chart has room for so many; the table has all of them. */
export const mostFaults = 60;
/** Faults in so many lanes have room for their names; in more, they are thin. */
const fewLanes = 14;
const named = { height: 20, gap: 4 } as const;
const thin = { height: 7, gap: 1 } as const;
const pad = 6;

export function faultRows(input: LiveChartInput, topPx: number): FaultRows {
  const endSec = spanSec(input);
  const faults = input.faults.toSorted((a, b) => startOf(a) - startOf(b)).slice(0, mostFaults);
  if (faults.length === 0) return { parts: [], names: [], heads: [], bottom: null };
  const spacious = inLanes(faults.map((fault) => ({ fault, ...placeOf(fault, endSec) })));
  const hasNames = spacious.lanes <= fewLanes;
  const { height, gap } = hasNames ? named : thin;
  const { bars, lanes } = hasNames
    ? spacious
    : inLanes(spacious.bars.map((bar) => ({ ...bar, fromSec: bar.start, untilSec: bar.end })));
  const placed = bars.map((bar) => {
    const top = topPx + bar.lane * height;
    return { ...bar, top, bottom: top + height - gap, middle: top + (height - gap) / 2 };
  });
  return {
    parts: placed.flatMap(({ fault, top, bottom }) =>
      partsOf(fault, endSec).map((part) => ({ ...part, top, bottom })),
    ),
    names: hasNames
      ? placed.map(({ start, end, name, width, middle }) => ({ start, end, name, width, middle }))
      : [],
    heads: [{ name: 'faults', middle: topPx + (named.height - named.gap) / 2 }],
    bottom: topPx + lanes * height - gap,
  };
}

/** Each goes into the first lane where it meets nothing that is already there. */
function inLanes<Bar extends { readonly fromSec: number; readonly untilSec: number }>(bars: readonly Bar[]) {
  const laneEnds: number[] = [];
  const laid = bars.map((bar) => {
    const free = laneEnds.findIndex((busyUntil) => busyUntil <= bar.fromSec);
    const lane = free === -1 ? laneEnds.length : free;
    laneEnds[lane] = bar.untilSec;
    return { ...bar, lane };
  });
  return { bars: laid, lanes: laneEnds.length };
}

/** A bar, and from when until when its lane is taken where all of the run is seen. */
function placeOf(fault: FaultSpan, endSec: number) {
  const secPerPx = endSec / panelWidth;
  const start = startOf(fault);
  const end = Math.max(endOf(fault, endSec), start);
  const name = labelOf(fault);
  const width = textWidth(name, fontSize);
  // A name that does not fit into its bar stands behind it, or in front of it at the right edge.
  const nameSec = (width + 3 * pad) * secPerPx;
  const isInside = end - start >= nameSec;
  const isBehind = !isInside && end + nameSec <= endSec;
  return {
    start,
    end,
    name,
    width,
    fromSec: isInside || isBehind ? start : start - nameSec,
    untilSec: (isBehind ? end + nameSec : end) + pad * secPerPx,
  };
}

/** Before the first request the chart does not begin. */
const startOf = (fault: FaultSpan): number => Math.max(0, fault.requested_sec);

function endOf(fault: FaultSpan, endSec: number): number {
  if (fault.effective_sec === null) return fault.requested_sec;
  return Math.min(fault.verified_sec ?? fault.undone_sec ?? endSec, endSec);
}

function partsOf(fault: FaultSpan, endSec: number): Pick<FaultPart, 'part' | 'start' | 'end'>[] {
  const start = startOf(fault);
  const { effective_sec: effective, undone_sec: undone, verified_sec: verified } = fault;
  if (effective === null) return [{ part: 'requested', start, end: start }];
  const from = Math.max(0, effective);
  const until = Math.min(undone ?? endSec, endSec);
  return [
    { part: 'requested', start, end: from },
    { part: 'in force', start: from, end: until },
    ...(undone === null || verified === null
      ? []
      : [{ part: 'undone' as const, start: until, end: Math.min(verified, endSec) }]),
  ];
}
