import type { Clock } from '../clock/clock.ts';
import type { Config } from '../model/config.ts';
import { drawAt } from '../model/draw-at.ts';
import type { ScheduleLag } from '../model/manifest.ts';
import type { NodeKind } from '../model/node.ts';
import type { RequestRecord } from '../model/record.ts';
import type { Target } from '../target/target.ts';
import { ClosedLoad } from './closed-load.ts';
import { LagMeter } from './lag.ts';
import { type LiveSample, LiveView } from './live.ts';
import { type Load, sameLoad } from './load.ts';
import { OpenLoad } from './open-load.ts';
import { type Share, wholeShare } from './pacer.ts';
import { purpose } from './purpose.ts';
import type { Continuation, RunningLoad } from './running-load.ts';
import { rateAt } from '../model/demand.ts';

export interface LoadAgentOptions {
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  /** When the run's last phase ends, in milliseconds since the start: nothing is due from then on. */
  readonly untilMs: number;
  /** Where load goes, for each kind of node that is loaded. */
  readonly targets: ReadonlyMap<NodeKind, Target>;
  readonly seed: number;
  readonly settings: Config['load'];
  /** Which requests of each load are sent here; default: all. */
  readonly share?: Share;
  /** The phase in which a request due at that time of the run belongs. */
  readonly phaseAt: (runMs: number) => string;
  /** Takes each record as its outcome becomes known. Must not throw. */
  readonly record: (record: RequestRecord) => void;
}

interface Running {
  readonly load: Load;
  /** When its rate began, in milliseconds of the run. */
  readonly sinceMs: number;
  readonly by: RunningLoad;
}

/** No load has more requests than this: the numbers of each begin at a multiple of it. */
const numbersOfALoad = 2 ** 44;

const dropped = {
  sentMs: Number.NaN,
  doneMs: Number.NaN,
  outcome: 'dropped',
  status: 0,
  error: 'dropped',
} as const;

/**
 * Runs loads, each by its name. Each request that is due becomes exactly one record; one that would exceed the bound of
 * requests in flight becomes a record with the outcome `dropped`.
 */
export class LoadAgent {
  readonly #options: LoadAgentOptions;
  readonly #live: LiveView;
  readonly #lag = new LagMeter();
  readonly #running = new Map<string, Running>();
  /** Where each load that has ever run goes on, or began. */
  readonly #begun = new Map<string, Continuation>();
  #due = 0;
  #inFlight = 0;
  #idle: (() => void) | null = null;

  constructor(options: LoadAgentOptions) {
    this.#options = options;
    this.#live = new LiveView(options.clock.now());
  }

  /** The loads that run. */
  get loads(): readonly Load[] {
    return [...this.#running.values()].map(({ load }) => load);
  }

  /** The arrival rate that is meant now, of all open loads together. */
  get targetRps(): number {
    const nowMs = this.#runMs();
    let rps = 0;
    for (const { load, sinceMs } of this.#running.values()) rps += rateAt(load.demand, nowMs - sinceMs) ?? 0;
    return rps;
  }

  get scheduleLag(): ScheduleLag | null {
    return this.#lag.summary;
  }

  sample(): LiveSample {
    return this.#live.sample(this.#options.clock.now(), { inFlight: this.#inFlight, due: this.#due });
  }

  /**
   * Starts a load, or changes it, as of `fromMs` of the run. The schedule of one that was changed goes on from the last
   * request due, without a gap or a burst.
   */
  set(load: Load, fromMs: number): void {
    const known = this.#running.get(load.name);
    if (known !== undefined && sameLoad(known.load, load)) return;
    this.stop(load.name, fromMs);
    const before = this.#begun.get(load.name) ?? this.#first();
    this.#begun.set(load.name, before);
    const by = this.#begin(load, fromMs, before);
    this.#running.set(load.name, { load, sinceMs: load.sinceMs ?? fromMs, by });
  }

  /** Nothing of a load is due any more, as of a time of the run; default: now. Requests in flight go on. */
  stop(name: string, atMs = this.#runMs()): void {
    const running = this.#running.get(name);
    if (running === undefined) return;
    this.#running.delete(name);
    this.#begun.set(name, running.by.end(atMs));
  }

  /** Resolves when no request is in flight. Bounded by the request timeout that every target keeps to. */
  async drain(): Promise<void> {
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Where a load begins that has not run before: no two requests of a run have one number. */
  #first(): Continuation {
    const nextSeq = this.#begun.size * numbersOfALoad;
    return { nextSeq, lastDueMs: Number.NEGATIVE_INFINITY, afterSeq: -1 };
  }

  #begin(load: Load, atMs: number, { nextSeq: firstSeq, lastDueMs, afterSeq }: Continuation): RunningLoad {
    const { clock, startMs, untilMs, seed, share = wholeShare } = this.#options;
    const { demand } = load;
    const common = { clock, startMs };
    if (demand.model === 'closed') {
      const ask = (seq: number, scheduledMs: number) => this.#take(load, seq, scheduledMs);
      return new ClosedLoad({ ...common, demand, fromMs: atMs, untilMs, firstSeq, share, ask });
    }
    const { rate, arrivals } = demand;
    const sinceMs = load.sinceMs ?? atMs;
    // Even gaps go on evenly; those that are drawn know nothing of what was before.
    const gapMs = arrivals === 'uniform' ? 1000 / (rateAt(demand, atMs - sinceMs) || Infinity) : 0;
    const fromMs = Math.max(atMs, lastDueMs + gapMs);
    const schedule = { rate, arrivals, sinceMs, fromMs, untilMs, firstSeq, afterSeq, seed, share };
    const due = (seq: number, scheduledMs: number) => void this.#take(load, seq, scheduledMs);
    return new OpenLoad({ ...common, schedule, due });
  }

  /** Resolves when the request's outcome is known. */
  async #take({ nodes, workload }: Load, seq: number, scheduledMs: number): Promise<void> {
    const { targets, seed, settings, phaseAt } = this.#options;
    this.#due += 1;
    const place =
      settings.spread === 'random'
        ? Math.floor(drawAt(seed, seq, purpose.node) * nodes.length)
        : seq % nodes.length;
    const node = nodes[place];
    const target = node && targets.get(node.kind);
    // The plan has seen to it that there are both.
    if (node === undefined || target === undefined)
      throw new Error('load without a node, or a target for it');
    const operation = target.operation(drawAt(seed, seq, purpose.operation), workload);
    const due = { seq, phase: phaseAt(scheduledMs), node: node.name, op: operation.name, scheduledMs };
    if (this.#inFlight >= settings.max_in_flight) return this.#record({ ...due, ...dropped });
    this.#inFlight += 1;
    const sentMs = this.#runMs();
    this.#lag.add(sentMs - scheduledMs);
    const reply = await target.invoke(node, operation, settings.timeout_sec * 1000, seq);
    this.#inFlight -= 1;
    this.#record({ ...due, sentMs, doneMs: this.#runMs(), ...reply });
    if (this.#inFlight === 0) this.#idle?.();
  }

  #record(record: RequestRecord): void {
    this.#live.recent.add(record);
    this.#options.record(record);
  }

  #runMs(): number {
    return this.#options.clock.now() - this.#options.startMs;
  }
}
