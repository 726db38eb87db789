import type { LiveChartInput } from '../plot/live/input.ts';
import type { ReportFacts } from './facts.ts';
import { plural, rps } from './figures.ts';
import { html, json, type Markup, raw } from './markup.ts';
import { readingsOf } from './readings.ts';
import { note, type Section } from './section.ts';

/** The chart: as a picture, and as what the page's script makes a chart of that can be looked into. */
export interface TimelineChart {
  readonly spec: object;
  readonly svg: string;
  /** What it leaves out, as sentences. */
  readonly remarks: readonly string[];
}

export function timelineSection({ run, analysis }: ReportFacts, chart: TimelineChart): Section {
  const input = analysis ?? run;
  return {
    id: 'timeline',
    title: 'Timeline',
    menu: 'Timeline',
    body: html`<figure class="timeline">
      <div id="tools" role="group" aria-label="Zoom" aria-controls="plot" hidden>
        ${buttons.map(([action, sign, name]) => html`<button type="button" data-do="${action}" aria-label="${name}" title="${name}">${sign}</button>`)}
        <output id="shown" for="plot"></output>
      </div>
      ${legend(input)}
      <div id="plot" aria-label="${description(input)}" role="img">${raw(chart.svg)}</div>
      <div id="reading" hidden></div>
      <figcaption>
        <p class="note" id="plot-keys" hidden>
          Drag to zoom into a stretch; the wheel zooms while the chart has the focus, or with Ctrl. Keys: arrows go from second
          to second (with Shift, ten), + and − zoom, Page Up and Page Down move, 0 shows all, Esc hides the reading.
        </p>
        ${chart.remarks.map(note)}
      </figcaption>
    </figure>
    <script type="application/json" id="chart-spec">${json(chart.spec)}</script>
    <script type="application/json" id="chart-readings">${json(readingsOf(input))}</script>`,
  };
}

const buttons = [
  ['in', '+', 'Zoom in'],
  ['out', '−', 'Zoom out'],
  ['earlier', '←', 'Earlier'],
  ['later', '→', 'Later'],
  ['all', 'All', 'Show all of the run'],
] as const;

/** What the picture shows, for those who do not see it. */
function description({
  scenario,
  phases,
  faults,
  anomaly_windows: windows,
  seconds,
}: LiveChartInput): string {
  const parts = [
    plural(seconds.length, 'second'),
    plural(phases.length, 'phase'),
    plural(faults.length, 'fault'),
    plural(windows.length, 'stretch of anomalous seconds', 'stretches of anomalous seconds'),
  ];
  return `Throughput, latency and error rate of ${scenario ?? 'the run'} over time: ${parts.join(', ')}. The tables below have the numbers.`;
}

function legend({
  phases,
  faults,
  windows = [],
  anomaly_windows,
  baseline_summary,
  thresholds,
  seconds,
}: LiveChartInput): Markup {
  const unattributed = windows.filter((window) => window.unattributed).length;
  const entries: readonly (readonly [look: string, name: string] | false)[] = [
    ['line answered', 'ok or failed'],
    ['area ok', 'ok'],
    ['line due', 'due'],
    baseline_summary !== undefined && ['line baseline', `baseline ${rps(baseline_summary.throughput_rps)}`],
    ['line p50', 'p50'],
    ['line p95', 'p95'],
    ['area errors', 'error rate'],
    thresholds !== undefined && ['line limit', 'anomalous beyond'],
    anomaly_windows.length > 0 && ['band anomaly', 'anomalous seconds'],
    seconds.some(({ counted }) => !counted) && ['band uncounted', 'not counted'],
    phases.length > 0 && ['band phase', 'phase'],
    faults.length > 0 && ['band fault', 'fault in force'],
    faults.length > 0 && ['band undone', 'requested; or undone, and not serving yet'],
    windows.length > unattributed && ['band window', 'window of a fault'],
    unattributed > 0 && ['band unattributed', 'window of no fault'],
  ];
  const shown = entries.filter((entry) => entry !== false);
  return html`<ul class="legend" aria-label="Legend">
    ${shown.map(([look, name]) => html`<li><span class="${`swatch ${look}`}" aria-hidden="true">${look === 'band unattributed' && '?'}</span>${name}</li>`)}
  </ul>`;
}
