import { tracesOf } from '../model/trace-context.ts';
import type { RunObserver } from '../run/observer.ts';
import type { RunFacts, RunMetrics } from '../telemetry/run-metrics.ts';
import type { Cleanup } from './cleanup.ts';
import { seconds } from './numbers.ts';
import type { RunRequest } from './run-request.ts';
import type { RunView } from './run-view.ts';
import type { World } from './world.ts';

/**
 * Those to whom a run is told beside the view, as far as they are wished for. Their libraries are loaded only then.
 * @throws OrchError `usage` where the port cannot be had
 */
export async function startTelemetry(
  world: World,
  { telemetry: { prometheusPort, collector }, scenario, loaded }: RunRequest,
  run: Pick<RunFacts, 'runId' | 'mode' | 'plan'>,
  view: RunView,
  cleanup: Cleanup,
): Promise<readonly RunObserver[]> {
  if (prometheusPort === undefined && collector === undefined) return [];
  const { RunMetrics } = await import('../telemetry/run-metrics.ts');
  const facts = { ...run, scenario: scenario.value.name, traces: tracesOf(loaded.config) };
  const metrics = new RunMetrics(facts);
  const told: RunObserver[] = [metrics];
  if (prometheusPort !== undefined) await servePrometheus(world, prometheusPort, metrics, view, cleanup);
  if (collector !== undefined) {
    const { Otlp } = await import('../telemetry/otlp.ts');
    const { clock, versions } = world;
    const warn = (text: string) => view.warn(text);
    const otlp = new Otlp({ url: collector, metrics, facts, version: versions.orch, clock, warn });
    cleanup.defer('sending the last spans and metrics', () => otlp.close());
    told.push(otlp);
  }
  return told;
}

async function servePrometheus(
  { clock, interrupt }: World,
  port: number,
  source: RunMetrics,
  view: RunView,
  cleanup: Cleanup,
): Promise<void> {
  const { PrometheusServer } = await import('../telemetry/prometheus-server.ts');
  const server = await PrometheusServer.open({ port, clock, source });
  cleanup.defer('closing the metrics', async () => {
    const { patienceMs } = server;
    if (patienceMs > 0 && !interrupt.aborted) {
      view.say(`waiting up to ${seconds(patienceMs / 1000)} for Prometheus to read the last figures`);
      await server.lastScrape(interrupt);
    }
    await server.close();
  });
  view.say(`metrics: ${server.url}`);
}
