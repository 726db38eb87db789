import { join } from 'node:path';
import type { RunTrends } from '../model/run-trends.ts';
import { replaceFile } from '../store/json-file.ts';
import { type ComparisonInput, comparisonChart } from './comparison.ts';
import type { RunChartInput } from './input.ts';
import type { ChartSpec } from './render.ts';
import { throughputChart } from './throughput.ts';
import { trendChart } from './trends.ts';

/**
 * Draws the run over time into `throughput.png` and `throughput.svg` of the directory, and returns their paths.
 * @throws OrchError `render-failed`, `disk-full`, `no-permission`, `write-failed`
 */
export function plotThroughput(input: RunChartInput, directory: string): Promise<readonly string[]> {
  return draw(throughputChart(input), join(directory, 'throughput'));
}

/**
 * Draws baseline against run into `comparison.png` and `comparison.svg` of the directory, and returns their paths.
 * @throws OrchError `render-failed`, `disk-full`, `no-permission`, `write-failed`
 */
export function plotComparison(input: ComparisonInput, directory: string): Promise<readonly string[]> {
  return draw(comparisonChart(input), join(directory, 'comparison'));
}

/**
 * Draws runs in their order into that one file: an SVG where its name ends so, else a PNG.
 * @throws OrchError `render-failed`, `file-not-found`, `disk-full`, `no-permission`, `write-failed`
 */
export async function plotTrends(trends: RunTrends, path: string): Promise<void> {
  const { renderChart } = await import('./render.ts');
  const { png, svg } = await renderChart(trendChart(trends));
  await replaceFile(path, /\.svg$/i.test(path) ? svg : png);
}

async function draw(spec: ChartSpec, path: string): Promise<readonly string[]> {
  // Vega takes a third of a second to load, so only those who draw pay for it.
  const { renderChart } = await import('./render.ts');
  const { png, svg } = await renderChart(spec);
  const files = [
    { path: `${path}.png`, content: png },
    { path: `${path}.svg`, content: svg },
  ];
  for (const file of files) await replaceFile(file.path, file.content);
  return files.map((file) => file.path);
}
