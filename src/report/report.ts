import { liveChart } from '../plot/live/chart.ts';
import { mostFaults } from '../plot/live/fault-rows.ts';
import { mostWindows } from '../plot/live/window-rows.ts';
import type { ReportFacts } from './facts.ts';
import { plural } from './figures.ts';
import { reportPage } from './page.ts';
import type { TimelineChart } from './timeline-section.ts';

/**
 * The report of a run, as one HTML file that needs nothing beside it.
 * @throws OrchError `render-failed`
 */
export async function makeReport(facts: ReportFacts): Promise<string> {
  // Vega takes a third of a second to load, so only those who draw pay for it.
  const { renderLive, vegaForPages } = await import('../plot/render.ts');
  const input = facts.analysis ?? facts.run;
  const spec = liveChart(input);
  const { svg } = await renderLive(spec);
  const chart: TimelineChart = { spec, svg, remarks: remarksOf(facts) };
  return reportPage(facts, chart, await vegaForPages());
}

/** From so many seconds on, lines have more points than the chart has pixels. */
const thinnedFromSec = 880;

/** What the chart leaves out. */
function remarksOf({ run, analysis }: ReportFacts): readonly string[] {
  const windows = analysis?.windows ?? [];
  return [
    ...(run.seconds.length > thinnedFromSec
      ? [
          'Of each pixel of the whole run the chart has the first, the lowest, the highest and the last value, so that no spike is missing; zoomed into, it has no more. Shaded stretches less than a pixel apart are one.',
        ]
      : []),
    ...(run.faults.length > mostFaults
      ? [`The first ${mostFaults} of ${plural(run.faults.length, 'fault')} are drawn.`]
      : []),
    ...(windows.length > mostWindows
      ? [`The longest ${mostWindows} of ${plural(windows.length, 'window')} are drawn.`]
      : []),
  ];
}
