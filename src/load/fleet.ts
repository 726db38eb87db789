import { sharedOffsetMs } from '../clock/shared.ts';
import { endedOrOverdue } from '../clock/thread-end.ts';
import type { Config } from '../model/config.ts';
import { Histogram } from '../model/histogram.ts';
import type { NodeSpec } from '../model/node.ts';
import { type Begun, targetRps } from './begun.ts';
import type { GeneratorReport, LoadChange, LoadContext, LoadGenerator } from './generator.ts';
import { type Harvest, type LiveSample, LiveView } from './live.ts';
import { type Load, sameLoad } from './load.ts';
import { worstDelay } from './loop-delay.ts';
import type { Order } from './orders.ts';
import { RunningTally } from './tally.ts';
import { ThreadLink } from './thread-link.ts';

export interface FleetOptions {
  readonly threads: number;
  readonly config: Config;
  readonly seed: number;
  /** The nodes that any load goes to. */
  readonly nodes: readonly NodeSpec[];
  readonly rehearses: boolean;
}

/** By then an order has reached the threads. */
const orderMs = 1;

/**
 * Load that several threads make, each with its own connections and its share of every load: the thread that asks keeps
 * its clock free. What they tell is added up, counts and histograms alike; their rows come through rings of memory that
 * outlive them.
 */
export class LoadFleet {
  readonly #links: readonly ThreadLink[];
  #onLost: (error: Error) => void = () => {};

  /** Resolves when each thread has connected to the nodes. Rejects with what a thread could not do. */
  static async start({ threads, ...common }: FleetOptions): Promise<LoadFleet> {
    const fleet = new LoadFleet(
      Array.from({ length: threads }, (_, index) => new ThreadLink({ index, of: threads, ...common })),
    );
    try {
      await Promise.all(fleet.#links.map((link) => link.ready));
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  private constructor(links: readonly ThreadLink[]) {
    this.#links = links;
    for (const link of links) void link.lost.then((error) => this.#onLost(error));
  }

  begin({ clock, startMs, metrics, onLost, ...run }: LoadContext): LoadGenerator {
    this.#onLost = onLost;
    const sharedStartMs = startMs + sharedOffsetMs();
    const { startWallMs, untilMs, phases, seed, settings } = run;
    for (const link of this.#links) {
      const rows = metrics.ring().memory;
      link.order({ type: 'begin', startWallMs, untilMs, phases, seed, settings, sharedStartMs, rows });
    }
    return new FleetLoad(this.#links, () => clock.now() - startMs);
  }

  /** Ends connections and threads. */
  async close(): Promise<void> {
    for (const link of this.#links) link.order({ type: 'close' });
    await endedOrOverdue(Promise.all(this.#links.map((link) => link.closed)));
    await Promise.all(this.#links.map((link) => link.terminate()));
  }
}

/** A run's load, made by a fleet. */
class FleetLoad implements LoadGenerator {
  readonly #links: readonly ThreadLink[];
  readonly #runMs: () => number;
  readonly #live = new LiveView(0);
  readonly #running = new Map<string, Begun>();

  constructor(links: readonly ThreadLink[], runMs: () => number) {
    this.#links = links;
    this.#runMs = runMs;
  }

  get targetRps(): number | null {
    return targetRps(this.#running.values(), this.#runMs());
  }

  get report(): GeneratorReport {
    const harvest = this.#harvest();
    this.#live.sample(harvest);
    return { workers: this.#links.length, ...this.#live.report(harvest) };
  }

  set(load: Load, fromMs: number): void {
    const known = this.#running.get(load.name);
    if (known !== undefined && sameLoad(known.load, load)) return;
    this.#running.set(load.name, { load, sinceMs: load.sinceMs ?? fromMs });
    // One that runs is changed no earlier than all threads know of it.
    const soonest = known === undefined ? fromMs : Math.max(fromMs, this.#runMs() + orderMs);
    this.#order({ type: 'set', load, fromMs: soonest });
  }

  stop(name: string, atMs = this.#runMs() + orderMs): void {
    this.#running.delete(name);
    this.#order({ type: 'stop', name, atMs });
  }

  foresee(changes: readonly LoadChange[]): void {
    this.#order({ type: 'foresee', changes });
  }

  async drain(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.drain()));
  }

  sample(): LiveSample {
    return this.#live.sample(this.#harvest());
  }

  #harvest(): Harvest {
    return sumOf(this.#links.map((link) => link.take()));
  }

  #order(order: Order): void {
    for (const link of this.#links) link.order(order);
  }
}

/** Of several threads together. Each tells at times of its own: what they told is as of the middle of these. */
function sumOf(harvests: readonly Harvest[]): Harvest {
  const recent = new RunningTally();
  const lag = new Histogram();
  let [atMs, due, inFlight, inFlightMost] = [0, 0, 0, 0];
  for (const one of harvests) {
    atMs += one.atMs / harvests.length;
    due += one.due;
    inFlight += one.inFlight;
    inFlightMost += one.inFlightMost;
    recent.merge(one.recent);
    lag.merge(one.lag);
  }
  const loopDelay = worstDelay(harvests.map((one) => one.loopDelay));
  return { atMs, due, inFlight, inFlightMost, loopDelay, recent, lag };
}
