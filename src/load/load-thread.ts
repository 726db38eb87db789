import { AlarmClock } from '../clock/alarm.ts';
import { sharedOffsetMs } from '../clock/shared.ts';
import { tracesOf } from '../model/trace-context.ts';
import { RowRing } from '../store/row-ring.ts';
import { RowWriter } from '../store/row-writer.ts';
import { LoadAgent } from './agent.ts';
import { LoopDelayMeter } from './loop-delay.ts';
import type { Beginning, Order, Telling, ThreadSpec } from './orders.ts';
import { rehearse } from './rehearsal.ts';
import { shareOf } from './share-of.ts';
import { targetsOf } from './targets.ts';

const harvestMs = 250;

/** The work of a load thread, beside its messages. */
export interface LoadThread {
  obey(order: Order): void;
}

export interface LoadThreadPort {
  readonly tell: (telling: Telling) => void;
  /** Hears what has been ordered by now. */
  readonly listen: () => void;
  /** Hears no more orders. */
  readonly close: () => void;
}

/**
 * @throws OrchError where the config's workload cannot be sent
 */
export async function startLoadThread(
  { index, of, config, seed, nodes, rehearses }: ThreadSpec,
  port: LoadThreadPort,
): Promise<LoadThread> {
  const clock = new AlarmClock();
  const loopDelay = new LoopDelayMeter();
  const traces = tracesOf(config);
  const max = shareOf(config.load.max_in_flight, { index, of });
  const targets = await targetsOf(nodes, { ...config, load: { ...config.load, max_in_flight: max } }, seed);
  if (rehearses && nodes.some(({ kind }) => kind === 'http')) await rehearse({ clock, config, seed, traces });
  let agent: LoadAgent | null = null;
  let harvesting: NodeJS.Timeout | undefined;

  function begin({ sharedStartMs, startWallMs, settings, rows, ...run }: Beginning): void {
    const writer = new RowWriter(new RowRing(rows), startWallMs, traces);
    agent = new LoadAgent({
      ...run,
      clock,
      targets,
      startMs: sharedStartMs - sharedOffsetMs(),
      settings: { ...settings, max_in_flight: max },
      share: { index, of },
      record: (record) => writer.add(record),
      listen: port.listen,
      loopDelay: () => loopDelay.summary,
    });
    harvesting = setInterval(harvest, harvestMs);
  }

  function harvest(): void {
    if (agent === null) return;
    const { recent, lag, ...now } = agent.harvest();
    port.tell({ type: 'harvest', ...now, recent: recent.packed, lag: lag.packed });
  }

  async function drain(): Promise<void> {
    await agent?.drain();
    harvest();
    port.tell({ type: 'drained' });
  }

  async function close(): Promise<void> {
    clearInterval(harvesting);
    loopDelay.stop();
    await Promise.all([...targets.values()].map((target) => target.close()));
    await clock.close();
    port.close();
  }

  return {
    obey(order) {
      switch (order.type) {
        case 'begin':
          return begin(order);
        case 'set':
          return agent?.set(order.load, order.fromMs);
        case 'stop':
          return agent?.stop(order.name, order.atMs);
        case 'foresee':
          return agent?.foresee(order.changes);
        case 'drain':
          return void drain();
        case 'close':
          return void close();
      }
    },
  };
}
