import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../clock/virtual.ts';
import type { FaultState, RunEvent } from '../model/event.ts';
import { planOf } from '../testing/plan-builder.ts';
import { ToldRun } from '../testing/progress-builder.ts';
import { needs } from '../testing/requirements.ts';
import { PrometheusServer } from './prometheus-server.ts';
import { prometheusText } from './prometheus-text.ts';
import { RunMetrics } from './run-metrics.ts';

const at = { run_ms: 0, wall_sec: 0 };
const runEnded: RunEvent = { type: 'run_ended', status: 'complete', ...at };

function kill(state: FaultState): RunEvent {
  return { type: 'fault', id: 'f1', kind: 'kill', node: 'b', phase: 'failure', state, ...at };
}

function metricsOfRun(scenario = 's'): RunMetrics {
  const phases = [
    { name: 'warmup', startMs: 0, endMs: 1000 },
    { name: 'failure', startMs: 1000, endMs: 2000 },
  ];
  return new RunMetrics({
    runId: 'r',
    scenario,
    mode: 'http',
    traces: null,
    plan: planOf(phases, ['a', 'b']),
  });
}

/** The samples of a text by name and labels. */
function samples(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

const requests = [
  { node: 'a', count: 3, latencyMs: 4 },
  { node: 'a', count: 2, latencyMs: 300 },
  { node: 'b', count: 4, outcome: 'unknown', error: 'timeout', latencyMs: 20_000 },
  { node: 'b', count: 1, outcome: 'dropped', error: 'dropped' },
] as const;

describe('the metrics of a run', () => {
  it('count every request since the start by node and outcome, and put each into the buckets of its latency', () => {
    const run = metricsOfRun();
    const told = new ToldRun();
    run.progress(told.progress(1000, requests));
    run.progress(told.progress(2000, requests, 7));
    const seen = samples(prometheusText(run.metrics));
    expect(seen).toMatchObject({
      'orch_run_info{run_id="r",scenario="s",mode="http"}': 1,
      'orch_requests_total{node="a",outcome="ok"}': 10,
      'orch_requests_total{node="a",outcome="fail"}': 0,
      'orch_requests_total{node="b",outcome="unknown"}': 8,
      'orch_requests_total{node="b",outcome="dropped"}': 2,
      orch_requests_due_total: 27,
      'orch_errors_total{error="timeout"}': 8,
      'orch_errors_total{error="dropped"}': 2,
      'orch_request_duration_seconds_bucket{node="a",le="0.0025"}': 0,
      'orch_request_duration_seconds_bucket{node="a",le="0.005"}': 6,
      'orch_request_duration_seconds_bucket{node="a",le="0.25"}': 6,
      'orch_request_duration_seconds_bucket{node="a",le="0.5"}': 10,
      'orch_request_duration_seconds_bucket{node="a",le="+Inf"}': 10,
      'orch_request_duration_seconds_count{node="a"}': 10,
      'orch_request_duration_seconds_bucket{node="b",le="10"}': 0,
      'orch_request_duration_seconds_bucket{node="b",le="+Inf"}': 8,
      orch_in_flight: 7,
      orch_target_rps: 50,
    });
    expect(seen['orch_request_duration_seconds_sum{node="a"}']).toBeCloseTo(2 * (0.012 + 0.6), 9);
  });

  it('say which phase goes on, and which fault is in force, in ones and zeros', () => {
    const run = metricsOfRun();
    const seen = () => samples(prometheusText(run.metrics));
    const state = () => [
      seen()['orch_phase{phase="warmup"}'],
      seen()['orch_phase{phase="failure"}'],
      seen()['orch_fault_active{fault="kill",node="b"}'],
    ];
    expect(state()).toEqual([0, 0, undefined]);
    run.event({ type: 'phase_started', phase: 'warmup', duration_sec: 1, ...at });
    expect(state()).toEqual([1, 0, undefined]);
    run.event({ type: 'phase_ended', phase: 'warmup', ...at });
    run.event({ type: 'phase_started', phase: 'failure', duration_sec: 1, ...at });
    run.event(kill('requested'));
    expect(state()).toEqual([0, 1, 0]);
    run.event(kill('effective'));
    expect(state()).toEqual([0, 1, 1]);
    run.event(kill('undo_requested'));
    run.event(kill('undo_failed'));
    expect(state()).toEqual([0, 1, 1]);
    run.event(kill('undone'));
    run.event(runEnded);
    expect(state()).toEqual([0, 0, 0]);
  });

  it.skipIf(!needs('prometheus'))('are what promtool takes for well-formed and well-named', () => {
    const run = metricsOfRun('a "quoted" \\ scenario\nof two lines');
    run.progress(new ToldRun().progress(1000, requests));
    run.event(kill('effective'));
    const checked = spawnSync('promtool', ['check', 'metrics'], {
      input: prometheusText(run.metrics),
      encoding: 'utf8',
    });
    expect(checked.stdout + checked.stderr).toBe('');
    expect(checked.status).toBe(0);
  });
});

describe('the server of metrics', () => {
  const servers: PrometheusServer[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

  async function serve(port = 0) {
    const clock = new VirtualClock();
    const source = metricsOfRun();
    const server = await PrometheusServer.open({ port, clock, source });
    servers.push(server);
    return { server, source, clock };
  }

  it('answers at /metrics, and nowhere else, on this machine alone', async () => {
    const { server } = await serve();
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const answer = await fetch(server.url);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toContain('# TYPE orch_requests_total counter\n');
    expect((await fetch(new URL('/', server.url))).status).toBe(404);
  });

  it('refuses a port that is taken, with what would be right', async () => {
    const { server } = await serve();
    const port = Number(new URL(server.url).port);
    await expect(serve(port)).rejects.toMatchObject({
      code: 'usage',
      message: `--prometheus ${port}: the port is taken`,
    });
  });

  it('waits for a last scrape only after the run has ended, where somebody has come before', async () => {
    const alone = await serve();
    alone.source.event(runEnded);
    expect(alone.server.patienceMs).toBe(0);
    const { server, source, clock } = await serve();
    await fetch(server.url);
    expect(server.patienceMs).toBe(0);
    await clock.advance(2000);
    await fetch(server.url);
    source.event(runEnded);
    expect(server.patienceMs).toBe(3400);
    const seen = server.lastScrape(new AbortController().signal);
    await fetch(server.url);
    await seen;
    expect(server.patienceMs).toBe(0);
    expect(clock.now()).toBe(2000);
  });

  it('does not wait for ever, nor once it is interrupted', async () => {
    const { server, source, clock } = await serve();
    await fetch(server.url);
    source.event(runEnded);
    await clock.run(server.lastScrape(new AbortController().signal));
    expect(clock.now()).toBe(19_000);
    await server.lastScrape(AbortSignal.abort());
    expect(clock.now()).toBe(19_000);
  });
});
