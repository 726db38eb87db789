import { backdropKey } from './backdrop.ts';
import type { RunChartInput } from './input.ts';
import { errorPanel, latencyPanel, throughputPanel } from './metrics.ts';
import type { ChartSpec } from './render.ts';
import { stripPanel } from './strip-panel.ts';
import { wrapText } from './text.ts';
import { boldness, config } from './theme.ts';
import { panelWidth } from './timeline.ts';

/**
 * A run over time, as stacked panels on one time axis: phases and faults, throughput, latency, error rate.
 * Anomaly windows are shaded through all of them and the faults' moments ruled. A second without a latency is a gap.
 */
export function throughputChart(input: RunChartInput): ChartSpec {
  const hasStrip = input.phases.length + input.faults.length + backdropKey(input).length > 0;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config,
    title: { text: titleOf(input), subtitle: subtitleOf(input) },
    spacing: 18,
    vconcat: [
      ...(hasStrip ? [stripPanel(input)] : []),
      throughputPanel(input),
      latencyPanel(input),
      errorPanel(input),
    ],
  };
}

function titleOf(input: RunChartInput): string[] {
  const title = `${input.scenario ?? 'Run'}: throughput, latency and errors over time`;
  return wrapText(title, panelWidth, config.title.fontSize * boldness);
}

function subtitleOf(input: RunChartInput): string[] {
  const ids = [`run: ${input.run_id}`];
  if (input.baseline_id !== undefined) ids.push(`baseline: ${input.baseline_id}`);
  return ids.flatMap((line) => wrapText(line, panelWidth, config.title.subtitleFontSize));
}
