import { backdropKey, timeChannel } from './backdrop.ts';
import type { RunChartInput } from './input.ts';
import { keyLayers } from './key.ts';
import { layOutStrip, phaseHeight, stripFontSize } from './strip.ts';
import { colour } from './theme.ts';
import { panelWidth } from './timeline.ts';

/** The topmost panel: what the scenario was doing and what was broken. Its y positions are pixels from the layout. */
export function stripPanel(input: RunChartInput) {
  const strip = layOutStrip(input);
  return {
    width: panelWidth,
    height: strip.height,
    encoding: { x: { ...timeChannel(input, false), axis: null } },
    layer: [
      boxes(
        strip.phases.map((phase) => ({ ...phase, top: 0, bottom: phaseHeight, fill: colour.phase })),
        { stroke: 'white', strokeWidth: 2 },
      ),
      names(
        strip.phases.map((phase) => ({
          at: (phase.start + phase.end) / 2,
          middle: phaseHeight / 2,
          name: phase.name,
        })),
        'center',
      ),
      // A fault that had no effect is an empty box.
      boxes(
        strip.faults.map((bar) => ({ ...bar, fill: bar.effective ? colour.faultTint : 'white' })),
        { stroke: colour.fault, strokeWidth: 1, cornerRadius: 2 },
      ),
      names(
        strip.faults.map((bar) => ({
          at: bar.labelAt,
          middle: (bar.top + bar.bottom) / 2,
          name: bar.label,
        })),
        'left',
      ),
      ...keyLayers(backdropKey(input)),
    ],
  };
}

interface Box {
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly bottom: number;
  readonly fill: string;
}

interface Name {
  readonly at: number;
  readonly middle: number;
  readonly name: string;
}

/** Without a scale, a y value is pixels from the top. */
const unscaled = { type: 'quantitative' as const, scale: null, axis: null };

function boxes(values: Box[], look: object) {
  return {
    data: { values },
    mark: { type: 'rect' as const, ...look },
    encoding: {
      x: { field: 'start', type: 'quantitative' as const },
      x2: { field: 'end' },
      y: { field: 'top', ...unscaled },
      y2: { field: 'bottom' },
      fill: { field: 'fill', type: 'nominal' as const, scale: null },
    },
  };
}

function names(values: Name[], align: 'left' | 'center') {
  return {
    data: { values },
    mark: {
      type: 'text' as const,
      fontSize: stripFontSize,
      color: colour.text,
      align,
      baseline: 'middle' as const,
    },
    encoding: {
      x: { field: 'at', type: 'quantitative' as const },
      y: { field: 'middle', ...unscaled },
      text: { field: 'name', type: 'nominal' as const },
    },
  };
}
