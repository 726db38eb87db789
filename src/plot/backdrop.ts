import type { RunChartInput } from './input.ts';
import { dashes, type KeyEntry, type Stroke } from './key.ts';
import { colour } from './theme.ts';
import {
  anomalyBands,
  type Band,
  effectTimes,
  endTimes,
  spanSec,
  tickTimes,
  timeAxis,
  uncountedBands,
} from './timeline.ts';

/** What is behind the data of every panel over time: the time axis, shaded bands, and rules at the faults' moments. */

interface BandKind {
  readonly key: KeyEntry;
  readonly of: (input: RunChartInput) => Band[];
}

const bandKinds: readonly BandKind[] = [
  { key: { name: 'not counted', colour: colour.uncountedTint, symbol: 'band' }, of: uncountedBands },
  { key: { name: 'anomalous seconds', colour: colour.anomalyTint, symbol: 'band' }, of: anomalyBands },
];

interface MarkKind {
  readonly key: KeyEntry & { readonly symbol: Stroke };
  readonly of: (input: RunChartInput) => number[];
}

const markKinds: readonly MarkKind[] = [
  { key: { name: 'fault takes effect', colour: colour.fault, symbol: 'solid' }, of: effectTimes },
  { key: { name: 'fault is over', colour: colour.fault, symbol: 'dotted' }, of: endTimes },
];

/** Key entries for the kinds of band and mark that this run has. */
export function backdropKey(input: RunChartInput): KeyEntry[] {
  return [...bandKinds, ...markKinds].filter((kind) => kind.of(input).length > 0).map((kind) => kind.key);
}

/** The x channel that the layers of a panel share: grid lines in every panel, numbers and title under the last. */
export function timeChannel(input: RunChartInput, labelled: boolean) {
  const endSec = spanSec(input);
  const { title, labelExpr } = timeAxis(endSec);
  return {
    type: 'quantitative' as const,
    scale: { domain: [0, endSec], nice: false },
    axis: {
      values: tickTimes(endSec),
      labelExpr,
      labels: labelled,
      ticks: labelled,
      title: labelled ? title : null,
      labelFlush: false,
    },
  };
}

export function bandLayers(input: RunChartInput) {
  return bandKinds.map(({ key, of }) => ({
    data: { values: of(input) },
    // The stroke keeps a single second visible in a run of hours.
    mark: { type: 'rect' as const, fill: key.colour, stroke: key.colour, strokeWidth: 1 },
    encoding: { x: { field: 'start', type: 'quantitative' as const }, x2: { field: 'end' } },
  }));
}

export function markLayers(input: RunChartInput) {
  return markKinds.map(({ key, of }) => ({
    data: { values: of(input).map((at) => ({ at })) },
    mark: {
      type: 'rule' as const,
      color: key.colour,
      strokeWidth: 1.2,
      opacity: 0.7,
      strokeDash: dashes[key.symbol],
    },
    encoding: { x: { field: 'at', type: 'quantitative' as const } },
  }));
}
