import { describe, expect, it } from 'vitest';
import { buildAnalysis, faultSpan } from '../testing/analysis-builder.ts';
import type { RunChartInput } from './input.ts';
import { renderChart } from './render.ts';
import { throughputChart } from './throughput.ts';
import { panelWidth } from './timeline.ts';

async function svgOf(input: RunChartInput): Promise<string> {
  const { svg, warnings } = await renderChart(throughputChart(input));
  expect(warnings).toEqual([]);
  return svg;
}

/** Left edge and width of every band of this colour, in pixels of the panel. */
function bandsIn(svg: string, fill: string): number[][] {
  const bands = svg.matchAll(
    new RegExp(`d="M([\\d.]+),0h([\\d.]+)v[^"]*" fill="${fill}" stroke="${fill}"`, 'g'),
  );
  return [...bands].map(([, x, width]) => [Number(x), Number(width)]);
}

/** Where fault rules of this dash stand over the height of a panel, in pixels. */
function rulesIn(svg: string, dash: string): number[] {
  const rules = svg.matchAll(
    new RegExp(
      `translate\\((-?[\\d.]+),0\\)" x2="0" y2="150" stroke="#6a4c93"[^>]*stroke-dasharray="${dash}"`,
      'g',
    ),
  );
  return [...rules].map(([, x]) => Number(x));
}

const px = (sec: number, endSec = 80) => (sec / endSec) * panelWidth;
const { baseline_id: _id, baseline_summary: _summary, thresholds: _thresholds, ...alone } = buildAnalysis();

describe('the chart over time', () => {
  it('names the scenario, the runs, the phases, the fault, and each axis with its unit', async () => {
    const svg = await svgOf(buildAnalysis());
    for (const text of [
      'node_failure_recovery: throughput, latency and errors over time',
      'run: node_failure_recovery-http-20260314-120500',
      'baseline: baseline-http-20260314-120000',
      'warmup',
      'failure',
      'recovery',
      'kill service-node-2',
      'Throughput (requests/s)',
      'goodput (ok)',
      'throughput (ok or failed)',
      'baseline mean 50/s',
      'anomalous below 25/s',
      'Latency (ms)',
      'p50',
      'p95',
      'Error rate (%)',
      'anomalous above 10 %',
      'anomalous seconds',
      'fault takes effect',
      'fault is over',
      'Time since the run’s first request (s)',
    ]) {
      expect(svg).toContain(`>${text}<`);
    }
  });

  it('shades the window in all three panels, its last second included', async () => {
    const analysis = buildAnalysis();
    expect(analysis.anomaly_windows).toMatchObject([{ start_sec: 30, end_sec: 50 }]);
    const bands = bandsIn(await svgOf(analysis), '#fdf0d3');
    expect(bands).toEqual(Array.from({ length: 3 }, () => [px(30), px(21)]));
  });

  it('rules the fault’s effect and end at their times in all three panels', async () => {
    const svg = await svgOf(buildAnalysis());
    for (const [dash, sec] of [
      ['1,0', 30.08],
      ['2,3', 50.72],
    ] as const) {
      const rules = rulesIn(svg, dash);
      expect(rules).toHaveLength(3);
      for (const x of rules) expect(x).toBeCloseTo(px(sec), 1);
    }
  });

  it('draws a run without a baseline, with nothing to hold it against', async () => {
    const svg = await svgOf({ ...alone, anomaly_windows: [] });
    expect(svg).toContain('>throughput (ok or failed)<');
    expect(svg).not.toMatch(/baseline|anomalous/);
  });

  it('draws goodput apart from throughput where nodes answer with errors', async () => {
    // The usual fault has a third of the requests answered with an error: fail, which counts as throughput.
    const lines = (svg: string) =>
      [...svg.matchAll(/aria-roledescription="line mark" d="([^"]*)"[^>]*stroke="(#\w+)"/g)]
        .slice(0, 2)
        .map(([, path, stroke]) => ({ path, stroke }));
    const svg = await svgOf(buildAnalysis());
    const [good, answered] = lines(svg);
    expect([good?.stroke, answered?.stroke]).toEqual(['#0b8467', '#1f6fb2']);
    expect(good?.path).not.toBe(answered?.path);
    expect(svg).toContain('>goodput (ok)<');
    const [calm, same] = lines(await svgOf(buildAnalysis({ faults: [] })));
    expect(calm?.path).toBe(same?.path);
  });

  it('draws seconds without a latency as gaps', async () => {
    const whole = { ...alone, faults: [], phases: [], anomaly_windows: [] };
    const holed = alone.seconds.map((row) =>
      row.sec % 20 === 10 ? { ...row, p50_latency_ms: null, p95_latency_ms: null } : row,
    );
    const strokes = (svg: string) =>
      [...svg.matchAll(/aria-roledescription="line mark" d="([^"]*)"/g)].map(
        ([, path]) => (path?.match(/M/g) ?? []).length,
      );
    expect(strokes(await svgOf(whole))).toEqual([1, 1, 1, 1, 1]);
    expect(strokes(await svgOf({ ...whole, seconds: holed }))).toEqual([1, 1, 5, 5, 1]);
  });

  it('greys seconds that do not count', async () => {
    const seconds = alone.seconds.map((row) => ({ ...row, counted: row.sec > 0 && row.sec < 78 }));
    const svg = await svgOf({ ...alone, anomaly_windows: [], seconds });
    expect(svg).toContain('>not counted<');
    expect(bandsIn(svg, '#eceef1').slice(0, 2)).toEqual([
      [0, px(1)],
      [px(78), px(2)],
    ]);
  });

  it('turns to a log scale where timeouts tower above the usual answers', async () => {
    const svg = await svgOf(buildAnalysis({ faults: [faultSpan({ kind: 'pause' })] }));
    expect(svg).toContain('>Latency (ms, log scale)<');
    expect(svg).toContain('>5,000<');
  });

  it('counts an hour in minutes', async () => {
    const svg = await svgOf(buildAnalysis({ durationSec: 3600, rps: 3 }));
    expect(svg).toContain('>Time since the run’s first request (min:s)<');
    expect(svg).toContain('>55:00<');
  });

  it('names each of twenty faults', async () => {
    const faults = Array.from({ length: 20 }, (_, index) =>
      faultSpan({
        id: `f${index}`,
        node: `node-${index}`,
        effective_sec: 5 + index * 3,
        undone_sec: 9 + index * 3,
      }),
    );
    const svg = await svgOf(buildAnalysis({ faults }));
    for (const fault of faults) expect(svg).toContain(`>kill ${fault.node}<`);
  });

  it.each<[string, Partial<RunChartInput>]>([
    ['no rows at all', { seconds: [], faults: [], phases: [] }],
    ['one second', { seconds: alone.seconds.slice(0, 1), faults: [], phases: [] }],
    ['zero throughput', { seconds: buildAnalysis({ rps: 0 }).seconds }],
    ['a run id of 255 characters', { run_id: 'x'.repeat(255) }],
    ['no scenario', { scenario: null }],
    ['a zero latency', { seconds: alone.seconds.map((row) => ({ ...row, p50_latency_ms: 0 })) }],
    ['a fault before the first request', { faults: [faultSpan({ effective_sec: -1.5, undone_sec: 4 })] }],
  ])('is drawn without complaint and no wider than usual for %s', async (_, odd) => {
    const svg = await svgOf({ ...alone, anomaly_windows: [], ...odd });
    const [, width] = /<svg [^>]*width="(\d+)"/.exec(svg) ?? [];
    expect(Number(width)).toBeLessThan(panelWidth + 120);
    expect(svg).not.toContain('NaN');
    expect(rulesIn(svg, '1,0').every((x) => x >= 0 && x <= panelWidth)).toBe(true);
  });

  it('says that there is no data where nothing was measured', async () => {
    expect(await svgOf({ ...alone, seconds: [] })).toContain('>no data<');
  });
});
