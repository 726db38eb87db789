import type { FaultSpan, PhaseSpan } from '../model/analysis.ts';
import type { RunChartInput } from './input.ts';
import { fitText, textWidth } from './text.ts';
import { panelWidth, spanSec } from './timeline.ts';

/** The layout of the strip above the panels: a row of phases, then the faults in as few lanes as their names allow. Pixels from the strip's top. */

export const stripFontSize = 11;
export const phaseHeight = 20;
const laneHeight = 21;
const laneGap = 4;
const pad = 6;
/** A bar is at least this wide, however short its fault was. */
const thinnestPx = 3;

export interface PhaseBox {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

export interface FaultBar {
  readonly start: number;
  readonly end: number;
  /** False for a fault that never took effect: there is nothing to fill. */
  readonly effective: boolean;
  readonly label: string;
  /** Where the label begins, in seconds. */
  readonly labelAt: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Strip {
  readonly phases: readonly PhaseBox[];
  readonly faults: readonly FaultBar[];
  readonly height: number;
}

export function layOutStrip(input: RunChartInput): Strip {
  const endSec = spanSec(input);
  const secPerPx = endSec / panelWidth;
  const phasesBottom = input.phases.length === 0 ? 0 : phaseHeight + laneGap;
  const faults = layOutFaults(input.faults, endSec, phasesBottom);
  return {
    phases: input.phases.map((phase) => phaseBox(phase, secPerPx)),
    faults,
    height: Math.max(1, phasesBottom - laneGap, ...faults.map((bar) => bar.bottom)),
  };
}

function phaseBox(phase: PhaseSpan, secPerPx: number): PhaseBox {
  const widthPx = (phase.end_sec - phase.start_sec) / secPerPx;
  return {
    start: phase.start_sec,
    end: phase.end_sec,
    name: fitText(phase.name, widthPx - 2 * pad, stripFontSize),
  };
}

/** Each bar goes into the first lane where neither it nor its name meets what is already there. */
function layOutFaults(faults: readonly FaultSpan[], endSec: number, topPx: number): FaultBar[] {
  const secPerPx = endSec / panelWidth;
  const laneEnds: number[] = [];
  return [...faults]
    .sort((a, b) => startOf(a) - startOf(b))
    .map((fault) => {
      const start = startOf(fault);
      const end = Math.max(endOf(fault, endSec), start + thinnestPx * secPerPx);
      const label = fitText(labelOf(fault), panelWidth - 2 * pad, stripFontSize);
      const labelSec = textWidth(label, stripFontSize) * secPerPx;
      const labelAt = placeLabel({ start, end, labelSec, endSec, padSec: pad * secPerPx });
      const free = laneEnds.findIndex((busyUntil) => busyUntil <= Math.min(start, labelAt));
      const lane = free === -1 ? laneEnds.length : free;
      laneEnds[lane] = Math.max(end, labelAt + labelSec) + 2 * pad * secPerPx;
      const top = topPx + lane * laneHeight;
      const bottom = top + laneHeight - laneGap;
      return { start, end, effective: fault.effective_sec !== null, label, labelAt, top, bottom };
    });
}

interface LabelPlace {
  readonly start: number;
  readonly end: number;
  readonly labelSec: number;
  readonly endSec: number;
  readonly padSec: number;
}

/** Where a name begins: in its bar; if that is too short, after it; at the right edge of the chart, before it; else at the left edge. */
function placeLabel({ start, end, labelSec, endSec, padSec }: LabelPlace): number {
  if (end - start >= labelSec + 2 * padSec) return start + padSec;
  if (end + padSec + labelSec <= endSec) return end + padSec;
  return Math.max(padSec, start - padSec - labelSec);
}

/** A fault may come before the first request, where the chart begins. */
const startOf = (fault: FaultSpan): number => Math.max(0, fault.effective_sec ?? fault.requested_sec);

function endOf(fault: FaultSpan, endSec: number): number {
  if (fault.effective_sec === null) return fault.requested_sec;
  return Math.min(fault.verified_sec ?? fault.undone_sec ?? endSec, endSec);
}

/** `kill service-node-2`, and what is odd about it. */
export function labelOf(fault: FaultSpan): string {
  const name = `${fault.kind} ${fault.node}`;
  if (fault.effective_sec === null) return `${name} (had no effect)`;
  if (fault.undo_failed) return `${name} (undo failed)`;
  if (fault.undone_sec === null && fault.verified_sec === null) return `${name} (not undone)`;
  return fault.verified_sec === null ? `${name} (not seen serving again)` : name;
}
