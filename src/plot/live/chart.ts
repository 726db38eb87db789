import type { LiveSpec } from '../render.ts';
import {
  anomalyBands,
  type Band,
  effectTimes,
  endTimes,
  panelWidth,
  spanSec,
  uncountedBands,
} from '../timeline.ts';
import type { LiveChartInput } from './input.ts';
import { always, atTime, by, fontSize, ink, padding } from './look.ts';
import { livePanels } from './metrics.ts';
import { headPx, livePanel } from './panel.ts';
import { liveStrip, type LiveStrip } from './strip.ts';
import { stripMarks } from './strip-marks.ts';

/**
 * A run over time as a chart that its page can zoom, by the signals `x0` and `x1` (seconds), and at whose second `at` (null:
 * none) a line stands; `b0` and `b1` are a stretch that is being chosen. Its width is only known in the browser: that is why it
 * is written in Vega itself, where Vega-Lite would have it fixed.
 */
export function liveChart(input: LiveChartInput): LiveSpec {
  const strip = liveStrip(input);
  const endSec = spanSec(input);
  const placed: { marks: object[]; bottomPx: number } = { marks: [], bottomPx: strip.height };
  for (const panel of livePanels(input)) {
    const topPx = placed.bottomPx + headPx;
    placed.marks.push(livePanel(panel, topPx, endSec));
    placed.bottomPx = topPx + panel.heightPx;
  }
  const nothing = { value: null };
  const spec: object = {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: panelWidth,
    height: placed.bottomPx,
    padding,
    autosize: 'none',
    config,
    signals: [
      { name: 'x0', value: 0 },
      { name: 'x1', value: endSec },
      { name: 'at', ...nothing },
      { name: 'b0', ...nothing },
      { name: 'b1', ...nothing },
    ],
    data: dataOf(input, strip),
    scales: [
      {
        name: 'x',
        type: 'linear',
        domain: [{ signal: 'x0' }, { signal: 'x1' }],
        range: 'width',
        nice: false,
        zero: false,
      },
    ],
    // Readers of screens are told of the picture as a whole, and of its numbers by tables.
    marks: [...placed.marks, ...stripMarks(strip), brush(placed.bottomPx), cursor(placed.bottomPx)].map(
      (mark) => ({ ...mark, aria: false }),
    ),
  };
  return spec;
}

function dataOf(input: LiveChartInput, strip: LiveStrip): object[] {
  const pixelSec = spanSec(input) / panelWidth;
  const ends = (bands: readonly Band[]) => joined(bands, pixelSec).map(({ start, end }) => [start, end]);
  return [
    { name: 'phases', values: strip.phases },
    ...(['requested', 'in force', 'undone'] as const).map((part) => ({
      name: `faults ${part}`,
      values: strip.faults.filter((one) => one.part === part),
    })),
    { name: 'names', values: strip.names },
    { name: 'windows', values: strip.windows },
    { name: 'anomalous', values: ends(anomalyBands(input)) },
    { name: 'uncounted', values: ends(uncountedBands(input)) },
    { name: 'effects', values: effectTimes(input) },
    { name: 'ends', values: endTimes(input) },
  ];
}

/** Bands that are less than a pixel apart are one: there are never more than there are pixels. */
function joined(bands: readonly Band[], pixelSec: number): Band[] {
  const wide: { start: number; end: number }[] = [];
  for (const { start, end } of bands) {
    const last = wide.at(-1);
    if (last !== undefined && start - last.end < pixelSec) last.end = end;
    else wide.push({ start, end });
  }
  return wide;
}

/** One line through all panels. */
function cursor(bottomPx: number): object {
  return {
    type: 'rule',
    encode: always({
      x: atTime('at'),
      y: { value: 0 },
      y2: { value: bottomPx },
      stroke: { value: ink.text },
      strokeWidth: { value: 1 },
      opacity: by('at === null || at < x0 || at > x1 ? 0 : 0.7'),
    }),
  };
}

function brush(bottomPx: number): object {
  return {
    type: 'rect',
    encode: always({
      x: atTime('b0'),
      x2: atTime('b1'),
      y: { value: 0 },
      y2: { value: bottomPx },
      fill: { value: ink.text },
      fillOpacity: by('b0 === null ? 0 : 0.12'),
    }),
  };
}

const config = {
  background: 'transparent',
  group: { stroke: 'transparent' },
  text: { font: 'system-ui, sans-serif' },
  axis: {
    labelFont: 'system-ui, sans-serif',
    labelFontSize: fontSize,
    labelColor: ink.faint,
    titleFont: 'system-ui, sans-serif',
    titleFontSize: fontSize,
    titleFontWeight: 400,
    titleColor: ink.faint,
    titlePadding: 8,
    gridColor: ink.line,
    tickColor: ink.line,
  },
};
