import { type FaultName, type FaultPart, faultRows } from './fault-rows.ts';
import type { LiveChartInput } from './input.ts';
import type { RowHead } from './look.ts';
import { type WindowBar, windowRows } from './window-rows.ts';

/** Where phases, faults and windows stand above the panels: rows from the top, in pixels. Times in seconds. */
export interface LiveStrip {
  readonly phases: readonly PhaseBar[];
  readonly phaseBottom: number;
  readonly faults: readonly FaultPart[];
  readonly names: readonly FaultName[];
  readonly windows: readonly WindowBar[];
  /** What stands at the left of rows. */
  readonly heads: readonly RowHead[];
  readonly height: number;
}

export interface PhaseBar {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

const phaseHeight = 20;
const rowGap = 5;

export function liveStrip(input: LiveChartInput): LiveStrip {
  const phases = input.phases.map(({ name, start_sec, end_sec }) => ({
    name,
    start: start_sec,
    end: end_sec,
  }));
  const phaseBottom = phases.length === 0 ? 0 : phaseHeight;
  const faults = faultRows(input, below(phaseBottom));
  const faultBottom = faults.bottom ?? phaseBottom;
  const windows = windowRows(input.windows ?? [], below(faultBottom));
  return {
    phases,
    phaseBottom,
    faults: faults.parts,
    names: faults.names,
    windows: windows.bars,
    heads: [
      ...(phases.length === 0 ? [] : [{ name: 'phases', middle: phaseHeight / 2 }]),
      ...faults.heads,
      ...windows.heads,
    ],
    height: windows.bottom ?? faultBottom,
  };
}

function below(bottomPx: number): number {
  return bottomPx === 0 ? 0 : bottomPx + rowGap;
}
