import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FaultSpan } from '../model/analysis.ts';
import { faultSpan } from '../testing/analysis-builder.ts';
import type { RunChartInput } from './input.ts';
import { type FaultBar, layOutStrip, stripFontSize } from './strip.ts';
import { textWidth } from './text.ts';
import { endTimes, panelWidth, spanSec } from './timeline.ts';

function input(faults: readonly FaultSpan[], phases: RunChartInput['phases'] = []): RunChartInput {
  return { run_id: 'r', scenario: 's', seconds: [], anomaly_windows: [], faults, phases };
}

const labels = (faults: readonly FaultSpan[]) => layOutStrip(input(faults)).faults.map((bar) => bar.label);

describe('the strip of phases and faults', () => {
  it('lasts from effect to the node serving again, and says what went wrong with a fault', () => {
    const [bar] = layOutStrip(input([faultSpan()])).faults;
    expect(bar).toMatchObject({ start: 30.08, end: 50.72, effective: true, label: 'kill service-node-2' });
    expect(labels([faultSpan({ effective_sec: null })])).toEqual(['kill service-node-2 (had no effect)']);
    expect(labels([faultSpan({ undo_failed: true, undone_sec: null })])).toEqual([
      'kill service-node-2 (undo failed)',
    ]);
    expect(labels([faultSpan({ undone_sec: null })])).toEqual(['kill service-node-2 (not undone)']);
    expect(labels([faultSpan({ verified_sec: null })])).toEqual([
      'kill service-node-2 (not seen serving again)',
    ]);
  });

  it('draws a fault that was never undone to the end of the run', () => {
    const phases = [{ name: 'all', start_sec: 0, end_sec: 80 }];
    const strip = layOutStrip(input([faultSpan({ undone_sec: null })], phases));
    expect(strip.faults[0]?.end).toBe(80);
  });

  it('leaves the run three quarters of the chart, however long after it a fault was undone', () => {
    const chart = input([faultSpan({ undone_sec: 3600 })], [{ name: 'all', start_sec: 0, end_sec: 60 }]);
    expect(spanSec(chart)).toBe(80);
    expect(layOutStrip(chart).faults[0]?.end).toBe(80);
    expect(endTimes(chart)).toEqual([]);
  });

  it('puts faults of any number and length where no bar or name meets another, and inside the chart', () => {
    const fault = fc
      .record({
        at: fc.double({ min: 0, max: 3000, noNaN: true }),
        forSec: fc.double({ min: 0, max: 600, noNaN: true }),
        node: fc.stringMatching(/^[a-z0-9-]{1,40}$/),
      })
      .map(({ at, forSec, node }) => faultSpan({ node, effective_sec: at, undone_sec: at + forSec }));
    fc.assert(
      fc.property(fc.array(fault, { minLength: 1, maxLength: 25 }), (faults) => {
        const chart = input(faults);
        const endSec = spanSec(chart);
        const taken = layOutStrip(chart).faults.map((bar) => ({ lane: bar.top, ...extent(bar, endSec) }));
        expect(taken).toHaveLength(faults.length);
        for (const lane of Map.groupBy(taken, (box) => box.lane).values()) {
          const inOrder = lane.toSorted((a, b) => a.from - b.from);
          for (const [index, box] of inOrder.entries()) {
            expect(box.from).toBeGreaterThanOrEqual(inOrder[index - 1]?.to ?? 0);
          }
        }
        for (const box of taken) expect(box.labelTo).toBeLessThanOrEqual(endSec * 1.000001);
      }),
    );
  });

  it('names a phase only where the name stands in its box', () => {
    const phases = [
      { name: 'warmup', start_sec: 0, end_sec: 99 },
      { name: 'failure', start_sec: 99, end_sec: 100 },
    ];
    expect(layOutStrip(input([], phases)).phases.map((phase) => phase.name)).toEqual(['warmup', '']);
  });
});

function extent(bar: FaultBar, endSec: number) {
  const labelTo = bar.labelAt + (textWidth(bar.label, stripFontSize) * endSec) / panelWidth;
  return { from: Math.min(bar.start, bar.labelAt), to: Math.max(bar.end, labelTo), labelTo };
}
