import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/system.ts';
import type { RunEvent, Unstamped } from '../model/event.ts';
import { Collector, valuesOf } from '../testing/collector.ts';
import { planOf } from '../testing/plan-builder.ts';
import { ToldRun } from '../testing/progress-builder.ts';
import { Otlp } from './otlp.ts';
import { RunMetrics } from './run-metrics.ts';

const startSec = 1_800_000_000;

let collector: Collector;
beforeEach(async () => {
  collector = await Collector.open();
});
afterEach(() => collector.close());

/** A run that is told to a collector, by whose clock so much has passed. */
function told(url: string) {
  const plan = planOf([{ name: 'failure', startMs: 0, endMs: 6000 }], ['a', 'b']);
  const facts = { runId: 'r', scenario: 's', mode: 'http', traces: null, plan };
  const metrics = new RunMetrics(facts);
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const otlp = new Otlp({ url, metrics, facts, version: '1.2.3', clock: systemClock, warn });
  const event = (runMs: number, what: Unstamped) => {
    const stamped = { ...what, run_ms: runMs, wall_sec: startSec + runMs / 1000 } as RunEvent;
    metrics.event(stamped);
    otlp.event(stamped);
  };
  const run = new ToldRun();
  const second = (runMs: number, ...told: Parameters<ToldRun['progress']>[1]) => {
    const progress = run.progress(runMs, told);
    metrics.progress(progress);
    otlp.progress(progress);
  };
  return { otlp, event, second, warnings };
}

const started = { type: 'run_started', run_id: 'r', driver: 'process', driver_reason: '' } as const;
const fault = { type: 'fault', id: 'f1', kind: 'kill', node: 'b', phase: 'failure' } as const;

function wholeRun({ event, second }: ReturnType<typeof told>): void {
  event(0, started);
  event(0, { type: 'phase_started', phase: 'failure', duration_sec: 6 });
  event(1000, { ...fault, state: 'requested', spec: { kind: 'kill' } });
  event(1020, { ...fault, state: 'effective', detail: 'it is gone' });
  second(2000, { node: 'a', count: 5, latencyMs: 4 }, { node: 'b', count: 2, outcome: 'fail', error: 'x' });
  event(4000, { ...fault, state: 'undo_requested' });
  event(4100, { ...fault, state: 'undone' });
  event(4200, { ...fault, state: 'verified' });
  event(6000, { type: 'phase_ended', phase: 'failure' });
  event(6100, { type: 'run_ended', status: 'complete' });
}

const unixNano = (runMs: number) => String(BigInt(startSec * 1000 + runMs) * 1_000_000n);

describe('a run that is told to a collector of OpenTelemetry', () => {
  it('is a span, with one of each phase and fault in it, at the times of the run', async () => {
    const run = told(collector.url);
    wholeRun(run);
    await run.otlp.close();
    expect(run.warnings).toEqual([]);
    const [whole] = collector.spans.filter(({ name }) => name === 'run s');
    const within = collector.spans.filter(({ parentSpanId }) => parentSpanId === whole?.spanId);
    const shown = [whole, ...within].map((span) => [
      span?.name,
      span?.startTimeUnixNano,
      span?.endTimeUnixNano,
    ]);
    expect(shown.sort()).toEqual([
      ['fault kill', unixNano(1000), unixNano(4200)],
      ['phase failure', unixNano(0), unixNano(6000)],
      ['run s', unixNano(0), unixNano(6100)],
    ]);
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(valuesOf(whole?.attributes ?? [])).toMatchObject({
      'orch.run_id': 'r',
      'orch.status': 'complete',
    });
    const kill = within.find(({ name }) => name === 'fault kill');
    expect(valuesOf(kill?.attributes ?? [])).toMatchObject({
      'orch.fault.kind': 'kill',
      'orch.node': 'b',
      'orch.fault.what': 'b killed',
    });
    expect(kill?.events.map(({ name }) => name)).toEqual([
      'effective',
      'undo_requested',
      'undone',
      'verified',
    ]);
    expect(collector.resource).toMatchObject({
      'service.name': 'orch',
      'service.version': '1.2.3',
      'service.instance.id': 'r',
    });
  });

  it('has its metrics there too, with histograms whose buckets add up', async () => {
    const run = told(collector.url);
    wholeRun(run);
    await run.otlp.close();
    const requests = collector
      .points('orch.requests')
      .filter(({ asDouble, asInt }) => (asDouble ?? asInt) !== 0);
    expect(
      requests.map(({ attributes, asDouble, asInt }) => [valuesOf(attributes), asDouble ?? asInt]),
    ).toEqual([
      [{ node: 'a', outcome: 'ok' }, 5],
      [{ node: 'b', outcome: 'fail' }, 2],
    ]);
    const [a] = collector.points('orch.request_duration');
    expect(a).toMatchObject({ count: 5, startTimeUnixNano: unixNano(0) });
    expect(a?.sum).toBeCloseTo(0.02, 9);
    expect(a?.explicitBounds?.[3]).toBe(0.005);
    expect(a?.bucketCounts).toEqual([0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(collector.points('orch.fault_active').map(({ asDouble, asInt }) => asDouble ?? asInt)).toEqual([
      0,
    ]);
  });

  it('marks a fault as failed that could not be undone, and ends it with the run', async () => {
    const { otlp, event } = told(collector.url);
    event(0, started);
    event(1000, { ...fault, state: 'requested' });
    event(2000, { ...fault, state: 'undo_failed', detail: 'port taken' });
    event(3000, { type: 'run_ended', status: 'failed', reason: 'x' });
    await otlp.close();
    expect(
      collector.spans.map(({ name, status, endTimeUnixNano }) => [name, status, endTimeUnixNano]),
    ).toEqual([
      ['fault kill', { code: 2, message: 'still in force as the run ended' }, unixNano(3000)],
      ['run s', { code: 2, message: 'x' }, unixNano(3000)],
    ]);
  });

  it('is warned of once where the collector is gone, and goes on', async () => {
    const { url } = collector;
    await collector.close();
    const run = told(url);
    const before = performance.now();
    for (let runMs = 1000; runMs <= 20_000; runMs += 1000) run.second(runMs);
    expect(performance.now() - before).toBeLessThan(1000);
    wholeRun(run);
    await run.otlp.close();
    expect(run.warnings).toEqual([
      expect.stringMatching(
        /^nothing reaches the collector at http:\/\/127\.0\.0\.1:\d+\/?: .*; the run goes on$/,
      ),
    ]);
    expect(performance.now() - before).toBeLessThan(15_000);
    collector = await Collector.open();
  });

  it('reaches a collector that comes later with all of its spans', async () => {
    const { url } = collector;
    await collector.close();
    const run = told(url);
    run.event(0, started);
    run.event(0, { type: 'phase_started', phase: 'failure', duration_sec: 1 });
    run.event(1000, { type: 'phase_ended', phase: 'failure' });
    run.second(6000);
    while (run.warnings.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    collector = await Collector.open(Number(new URL(url).port));
    run.event(7000, { type: 'run_ended', status: 'complete' });
    await run.otlp.close();
    expect(collector.spans.map(({ name }) => name)).toEqual(['phase failure', 'run s']);
  });
});
