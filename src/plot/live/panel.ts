import { type Point, thinned } from '../series.ts';
import { panelWidth } from '../timeline.ts';
import { always, atTime, by, fontSize, ink } from './look.ts';

/** One metric over time, on a y axis of its own. */
export interface LivePanel {
  /** The metric with its unit. */
  readonly title: string;
  readonly heightPx: number;
  readonly lines: readonly LiveLine[];
  readonly levels: readonly {
    readonly at: number;
    readonly colour: string;
    readonly dash: readonly number[];
  }[];
  /** Vega's scale of the y axis, but for its name and range. */
  readonly scale: object;
  readonly ticks?: readonly number[];
  readonly isLast?: boolean;
}

export interface LiveLine {
  readonly colour: string;
  /** What is below it is filled with this; left out: nothing is. */
  readonly fill?: string;
  readonly dash?: readonly number[];
  readonly width: number;
  readonly points: readonly Point[];
}

/** Room above a panel for its title. */
export const headPx = 30;

/** @param spanSec What the x axis spans when nothing is zoomed into. */
export function livePanel(panel: LivePanel, topPx: number, spanSec: number): object {
  const { heightPx, levels, lines } = panel;
  return {
    type: 'group',
    encode: always({ y: { value: topPx }, width: by('width'), height: { value: heightPx } }),
    // What the grid of its axes goes by.
    signals: [{ name: 'height', value: heightPx }],
    scales: [{ name: 'y', range: 'height', ...panel.scale }],
    axes: [timeAxisOf(panel), valueAxisOf(panel)],
    marks: [
      text(panel.title, { y: -13, fontWeight: 600, fill: ink.text }),
      {
        type: 'group',
        clip: true,
        encode: always({ width: by('width'), height: { value: heightPx } }),
        marks: [
          ...backdrop(heightPx),
          ...lines.flatMap((line) => lineMarks(line, spanSec)),
          ...levels.map(({ at, colour, dash }) => rule({ y: { scale: 'y', value: at } }, colour, dash)),
        ],
      },
      ...(lines.some(({ points }) => points.some(({ y }) => y !== null))
        ? []
        : [text('no data', { y: heightPx / 2, x: 12, fill: ink.faint })]),
    ],
  };
}

/** What is behind the lines of every panel: shaded stretches, and rules where faults took effect and were over. */
function backdrop(heightPx: number): object[] {
  const band = (data: string, fill: string) => ({
    type: 'rect',
    from: { data },
    encode: always({
      x: atTime('datum[0]'),
      // A single second of a run of hours is still seen.
      x2: by("max(scale('x', datum[1]), scale('x', datum[0]) + 1)"),
      y: { value: 0 },
      y2: { value: heightPx },
      fill: { value: fill },
    }),
  });
  const moment = (data: string, strokeDash: readonly number[]) => ({
    type: 'rule',
    from: { data },
    encode: always({
      x: atTime('datum.data'),
      y: { value: 0 },
      y2: { value: heightPx },
      stroke: { value: ink.fault },
      strokeDash: { value: strokeDash },
      // Those of many faults are not to hide the lines: the strip has their bars.
      opacity: by("min(0.8, 10 / length(data('effects')))"),
    }),
  });
  return [
    band('uncounted', ink.uncountedTint),
    band('anomalous', ink.anomalyTint),
    moment('effects', []),
    moment('ends', [2, 3]),
  ];
}

function lineMarks({ colour, fill, dash = [], width, points }: LiveLine, spanSec: number): object[] {
  const values = thinned(points, spanSec / panelWidth).map(({ x, y }) => [
    x,
    y === null ? null : shortened(y),
  ]);
  const shape = {
    x: { scale: 'x', field: '0' },
    y: { scale: 'y', field: '1' },
    defined: by('datum[1] !== null'),
    interpolate: { value: 'step-after' },
  };
  // Each line is a group with its own data, so that a chart has no names to give.
  const draw = (type: string, look: object) => ({
    type,
    from: { data: 'points' },
    encode: always({ ...shape, ...look }),
  });
  return [
    {
      type: 'group',
      data: [{ name: 'points', values }],
      marks: [
        ...(fill === undefined
          ? []
          : [draw('area', { y2: { scale: 'y', value: 0 }, fill: { value: fill } })]),
        draw('line', {
          stroke: { value: colour },
          strokeWidth: { value: width },
          strokeDash: { value: dash },
          strokeJoin: { value: 'round' },
        }),
      ],
    },
  ];
}

/** As many digits as a panel can show. */
function shortened(y: number): number {
  return Number(y.toPrecision(5));
}

function rule(place: object, colour: string, strokeDash: readonly number[]): object {
  return {
    type: 'rule',
    encode: always({
      x: { value: 0 },
      x2: by('width'),
      ...place,
      stroke: { value: colour },
      strokeWidth: { value: 1.3 },
      strokeDash: { value: strokeDash },
    }),
  };
}

function text(words: string, look: Readonly<Record<string, string | number>>): object {
  const values = Object.fromEntries(Object.entries(look).map(([key, value]) => [key, { value }]));
  return {
    type: 'text',
    encode: always({
      text: { value: words },
      fontSize: { value: fontSize },
      baseline: { value: 'middle' },
      ...values,
    }),
  };
}

function timeAxisOf({ isLast = false }: LivePanel): object {
  return {
    scale: 'x',
    orient: 'bottom',
    grid: true,
    domain: false,
    ticks: isLast,
    labels: isLast,
    tickCount: by('ceil(width / 90)'),
    ...(isLast
      ? {
          title: 'seconds since the run’s first request',
          encode: { labels: always({ text: by("format(datum.value, ',.6~r')") }) },
        }
      : {}),
  };
}

function valueAxisOf({ ticks }: LivePanel): object {
  return {
    scale: 'y',
    orient: 'left',
    grid: true,
    domain: false,
    ticks: false,
    format: ',~r',
    ...(ticks === undefined ? { tickCount: 4 } : { values: [...ticks] }),
  };
}
