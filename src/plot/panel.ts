import { bandLayers, markLayers, timeChannel } from './backdrop.ts';
import type { RunChartInput } from './input.ts';
import { dashes, headY, keyLayers, type Stroke } from './key.ts';
import { type Point, thinned } from './series.ts';
import { textAt } from './text-layer.ts';
import { colour } from './theme.ts';
import { panelWidth, spanSec } from './timeline.ts';

/** One metric over time: bands, fault rules, level lines and the metric's own lines on a y axis of its own. */
export interface Panel {
  /** The metric with its unit; stands above the panel as the title of its y axis. */
  readonly title: string;
  readonly lines: readonly Line[];
  readonly levels: readonly Level[];
  /** Vega-Lite's scale of the y axis. */
  readonly scale: object;
  /** Where the y axis has its numbers; left out, Vega chooses. */
  readonly ticks?: readonly number[];
  /** The last panel carries the numbers of the time axis. */
  readonly isLast?: boolean;
}

export interface Line {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
}

/** A constant to hold the lines against. */
export interface Level {
  readonly name: string;
  readonly colour: string;
  readonly symbol: Stroke;
  readonly at: number;
}

const panelHeight = 150;
/** Beyond this many seconds a line is as dense as a band, and must be thin to show its shape. */
const denseSec = 600;

export function panelOf(input: RunChartInput, panel: Panel) {
  const y = { field: 'y', type: 'quantitative' as const };
  // Two columns a pixel, as a PNG has them.
  const columnSec = spanSec(input) / (2 * panelWidth);
  const strokeWidth = input.seconds.length > denseSec ? 0.8 : 1.8;
  return {
    width: panelWidth,
    height: panelHeight,
    encoding: {
      x: timeChannel(input, panel.isLast === true),
      y: { type: 'quantitative' as const, scale: panel.scale, axis: valueAxis(panel) },
    },
    layer: [
      ...bandLayers(input),
      ...markLayers(input),
      ...panel.levels.map((level) => ({
        data: { values: [{ y: level.at }] },
        mark: {
          type: 'rule' as const,
          color: level.colour,
          strokeWidth: 1.3,
          strokeDash: dashes[level.symbol],
        },
        encoding: { x: { value: 0 }, x2: { value: panelWidth }, y },
      })),
      ...panel.lines.map((line) => ({
        data: { values: [...thinned(line.points, columnSec)] },
        mark: {
          type: 'line' as const,
          interpolate: 'step-after' as const,
          color: line.colour,
          strokeWidth,
          strokeJoin: 'round' as const,
        },
        encoding: { x: { field: 'x', type: 'quantitative' as const }, y },
      })),
      ...(panel.lines.some((line) => line.points.some((point) => point.y !== null)) ? [] : [noData]),
      ...keyLayers([...panel.lines.map((line) => ({ ...line, symbol: 'solid' as const })), ...panel.levels]),
    ],
  };
}

/** Said in the middle of a panel that would else look like a measured zero. */
const noData = textAt('no data', panelWidth / 2, panelHeight / 2, {
  fontSize: 12,
  align: 'center',
  color: colour.faint,
});

function valueAxis({ title, ticks }: Panel) {
  return {
    title,
    titleAngle: 0,
    titleAlign: 'left' as const,
    titleAnchor: 'end' as const,
    titleBaseline: 'middle' as const,
    titleFontWeight: 'bold' as const,
    titleX: 0,
    titleY: headY,
    ...(ticks === undefined ? { tickCount: 5 } : { values: [...ticks] }),
    domain: false,
    ticks: false,
    format: ',~r',
  };
}
