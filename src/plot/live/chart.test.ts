import { describe, expect, it } from 'vitest';
import type { FineWindow } from '../../model/recovery.ts';
import { buildAnalysis, faultSpan } from '../../testing/analysis-builder.ts';
import { renderLive } from '../render.ts';
import { liveChart } from './chart.ts';
import { mostFaults } from './fault-rows.ts';
import type { LiveChartInput } from './input.ts';
import { padding } from './look.ts';
import { liveStrip } from './strip.ts';
import { mostWindows } from './window-rows.ts';

const { baseline_id: _id, baseline_summary: _summary, thresholds: _thresholds, ...alone } = buildAnalysis();

async function svgOf(input: LiveChartInput): Promise<string> {
  const { svg, warnings } = await renderLive(liveChart(input));
  expect(warnings).toEqual([]);
  expect(svg).not.toContain('NaN');
  return svg;
}

function textsIn(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text ?? '');
}

const fineWindow: FineWindow = {
  start_sec: 30.02,
  end_sec: 50.4,
  ended: true,
  cause: 'error_rate',
  metric: 'error_rate',
  magnitude: 1,
  baseline: 0,
  uncertainty_sec: 0.04,
  nodes: ['service-node-2'],
  faults: ['f1'],
  unattributed: false,
};

describe('the live chart', () => {
  it('names phases, faults, the rows of windows, and each panel with its unit', async () => {
    const windows = [fineWindow, { ...fineWindow, cause: 'latency' } as const];
    const texts = textsIn(await svgOf({ ...buildAnalysis(), windows }));
    for (const text of [
      'phases',
      'warmup',
      'failure',
      'recovery',
      'faults',
      'kill service-node-2',
      'errors',
      'latency',
      'Throughput, requests per second',
      'Latency, ms',
      'Error rate, %',
      'seconds since the run’s first request',
    ]) {
      expect(texts).toContain(text);
    }
  });

  it('has no colour of its own: all are properties of the page', async () => {
    const svg = await svgOf({ ...buildAnalysis(), windows: [fineWindow] });
    const inks = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, ink]) => ink);
    expect(new Set(inks.filter((ink) => !ink?.startsWith('var(--')))).toEqual(new Set(['none']));
  });

  it('shows a window that no fault explains by its shape, and a question mark', async () => {
    const unexplained = { ...fineWindow, start_sec: 60, end_sec: 66, faults: [], unattributed: true };
    expect(textsIn(await svgOf({ ...alone, windows: [fineWindow] }))).not.toContain('?');
    const svg = await svgOf({ ...alone, windows: [unexplained] });
    expect(textsIn(svg)).toContain('?');
    expect(/fill-opacity="0"[^>]*stroke-dasharray="3,2"/.test(svg)).toBe(true);
  });

  it('shows what each fault was going through: requested, in force, undone and not serving yet', () => {
    const { faults } = liveStrip(buildAnalysis());
    expect(faults.map(({ part, start, end }) => [part, start.toFixed(2), end.toFixed(2)])).toEqual([
      ['requested', '30.02', '30.08'],
      ['in force', '30.08', '50.12'],
      ['undone', '50.12', '50.72'],
    ]);
  });

  it('draws a fault that had no effect as requested only, and one that was not undone to the end', () => {
    const faults = [
      faultSpan({ id: 'f1', effective_sec: null, undone_sec: null }),
      faultSpan({ id: 'f2', undone_sec: null }),
    ];
    const strip = liveStrip({ ...alone, faults });
    expect(strip.faults.map(({ part, end }) => [part, end])).toEqual([
      ['requested', 29.94],
      ['requested', 30.08],
      ['in force', 80],
    ]);
  });

  it('puts faults that meet, or whose names would, into lanes of their own', () => {
    const faults = Array.from({ length: 30 }, (_, index) =>
      faultSpan({ id: `f${index}`, node: `node-${index}` }),
    );
    const together = liveStrip({ ...alone, faults });
    expect(new Set(together.faults.map(({ top }) => top)).size).toBe(30);
    expect(together.height).toBeLessThan(260);
    const inTurn = faults.slice(0, 3).map((fault, index) => ({
      ...fault,
      requested_sec: index * 26,
      effective_sec: index * 26,
      undone_sec: index * 26 + 20,
      verified_sec: index * 26 + 21,
    }));
    expect(new Set(liveStrip({ ...alone, faults: inTurn }).faults.map(({ top }) => top)).size).toBe(1);
  });

  it('has room for so many faults and windows, and no more', () => {
    const faults = Array.from({ length: 100 }, (_, index) => faultSpan({ id: `f${index}` }));
    const windows = Array.from({ length: 1000 }, () => fineWindow);
    const strip = liveStrip({ ...alone, faults, windows });
    expect(strip.faults.filter(({ part }) => part === 'in force')).toHaveLength(mostFaults);
    expect(strip.windows).toHaveLength(mostWindows);
  });

  it.each<[string, Partial<LiveChartInput>]>([
    ['no rows at all', { seconds: [], faults: [], phases: [] }],
    ['one second', { seconds: alone.seconds.slice(0, 1), faults: [], phases: [] }],
    ['zero throughput', { seconds: buildAnalysis({ rps: 0 }).seconds }],
    [
      'a phase with a name of 255 characters',
      { phases: [{ name: 'x'.repeat(255), start_sec: 0, end_sec: 80 }] },
    ],
    ['a fault before the first request', { faults: [faultSpan({ effective_sec: -1.5, undone_sec: 4 })] }],
    ['an hour', { seconds: buildAnalysis({ durationSec: 3600, rps: 3 }).seconds }],
  ])('is drawn without complaint and no wider than usual for %s', async (_, odd) => {
    const svg = await svgOf({ ...alone, anomaly_windows: [], ...odd });
    const [, width] = /<svg [^>]*width="(\d+)"/.exec(svg) ?? [];
    expect(Number(width)).toBe(880 + padding.left + padding.right);
  });

  it('says that there is no data where nothing was measured', async () => {
    expect(textsIn(await svgOf({ ...alone, seconds: [] }))).toContain('no data');
  });
});
