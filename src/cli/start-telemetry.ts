import type { RunObserver } from '../run/observer.ts';
import type { RunFacts, RunMetrics } from '../telemetry/run-metrics.ts';
import type { Cleanup } from './cleanup.ts';
import { seconds } from './numbers.ts';
import type { RunView } from './run-view.ts';
import type { World } from './world.ts';

/** To whom else a run is told. */
export interface TelemetryWishes {
  /** 0 for one that is free; undefined where there is to be none. */
  readonly prometheusPort?: number | undefined;
}

/**
 * Those to whom a run is told beside the view, as far as they are wished for.
 * @throws OrchError `usage` where the port cannot be had
 */
export async function startTelemetry(
  world: World,
  { prometheusPort }: TelemetryWishes,
  facts: RunFacts,
  view: RunView,
  cleanup: Cleanup,
): Promise<readonly RunObserver[]> {
  if (prometheusPort === undefined) return [];
  const { RunMetrics } = await import('../telemetry/run-metrics.ts');
  const metrics = new RunMetrics(facts);
  await servePrometheus(world, prometheusPort, metrics, view, cleanup);
  return [metrics];
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
