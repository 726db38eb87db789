import { drawAt } from '../model/draw-at.ts';
import { Histogram } from '../model/histogram.ts';
import type { LoopDelay } from '../model/manifest.ts';
import type { NodeKind } from '../model/node.ts';
import { phaseAt } from '../model/phase.ts';
import type { RequestRecord } from '../model/record.ts';
import { rateAt } from '../model/demand.ts';
import type { Target } from '../target/target.ts';
import { type Begun, targetRps } from './begun.ts';
import { type Ask, ClosedLoad } from './closed-load.ts';
import type { GeneratorReport, LoadChange, LoadContext, LoadGenerator } from './generator.ts';
import { type Harvest, type LiveSample, LiveView } from './live.ts';
import { type Load, sameLoad } from './load.ts';
import { OpenLoad } from './open-load.ts';
import { type Share, wholeShare } from './pacer.ts';
import { purpose } from './purpose.ts';
import { type Answered, Request } from './request.ts';
import type { Continuation, RunningLoad } from './running-load.ts';
import { RunningTally } from './tally.ts';

export interface LoadAgentOptions
  extends Pick<LoadContext, 'clock' | 'startMs' | 'untilMs' | 'phases' | 'seed' | 'settings'> {
  /** Where load goes, for each kind of node that is loaded. */
  readonly targets: ReadonlyMap<NodeKind, Target>;
  /** Which requests of each load are sent here; default: all. */
  readonly share?: Share;
  /** Takes each record as its outcome becomes known. Must not throw. */
  readonly record: (record: RequestRecord) => void;
  /** Called before anything is sent: what has been ordered by then is heard here. */
  readonly listen?: () => void;
  /** How late this thread's event loop has been. */
  readonly loopDelay?: () => LoopDelay;
}

interface Running extends Begun {
  readonly by: RunningLoad;
}

/** A change that is to come; one that is sure comes, whatever else is foreseen. */
type Ahead = LoadChange & { readonly isSure: boolean };

/** No load has more requests than this: the numbers of each begin at a multiple of it. */
const numbersOfALoad = 2 ** 44;

/**
 * Runs loads, each by its name. Each request that is due becomes exactly one record; one that would exceed the bound of
 * requests in flight becomes a record with the outcome `dropped`.
 */
export class LoadAgent implements LoadGenerator {
  readonly #options: LoadAgentOptions;
  readonly #live = new LiveView(0);
  readonly #running = new Map<string, Running>();
  /** Where each load that has ever run goes on, or began. */
  readonly #begun = new Map<string, Continuation>();
  /** What is to come to pass, in the order of time. */
  #ahead: readonly Ahead[] = [];
  #recent = new RunningTally();
  #lag = new Histogram();
  #due = 0;
  #inFlight = 0;
  #inFlightMost = 0;
  #idle: (() => void) | null = null;

  constructor(options: LoadAgentOptions) {
    this.#options = options;
  }

  get targetRps(): number | null {
    return targetRps(this.#running.values(), this.#runMs());
  }

  get report(): GeneratorReport {
    const harvest = this.harvest();
    this.#live.sample(harvest);
    return { workers: 0, ...this.#live.report(harvest) };
  }

  sample(): LiveSample {
    return this.#live.sample(this.harvest());
  }

  /** What came since the last call, for whoever sums it up. */
  harvest(): Harvest {
    const harvest = {
      atMs: this.#runMs(),
      due: this.#due,
      inFlight: this.#inFlight,
      inFlightMost: this.#inFlightMost,
      loopDelay: this.#options.loopDelay?.() ?? null,
      recent: this.#recent,
      lag: this.#lag,
    };
    this.#recent = new RunningTally();
    this.#lag = new Histogram();
    return harvest;
  }

  set(load: Load, fromMs: number): void {
    this.#change({ atMs: fromMs, name: load.name, load });
  }

  stop(name: string, atMs = this.#runMs()): void {
    this.#change({ atMs, name, load: null });
  }

  foresee(changes: readonly LoadChange[]): void {
    this.#ahead = this.#ahead.filter(({ isSure }) => isSure);
    for (const change of changes) this.#expect({ ...change, isSure: false });
  }

  async drain(): Promise<void> {
    const { clock, startMs } = this.#options;
    const last = this.#ahead.findLast(({ isSure }) => isSure);
    if (last !== undefined) {
      await clock.sleepUntil(startMs + last.atMs);
      this.#turn(this.#runMs());
    }
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #change(change: LoadChange): void {
    this.#ahead = this.#ahead.filter(({ name }) => name !== change.name);
    if (change.atMs > this.#runMs()) this.#expect({ ...change, isSure: true });
    else this.#apply(change);
  }

  #expect(change: Ahead): void {
    const { clock, startMs } = this.#options;
    this.#ahead = [...this.#ahead, change].toSorted((a, b) => a.atMs - b.atMs);
    void clock.sleepUntil(startMs + change.atMs).then(() => this.#turn(this.#runMs()));
  }

  /** What was to come to pass by now does, before anything is sent that is due by now. */
  #turn(nowMs: number): void {
    this.#options.listen?.();
    for (let next = this.#ahead[0]; next !== undefined && next.atMs <= nowMs; next = this.#ahead[0]) {
      this.#ahead = this.#ahead.slice(1);
      this.#apply(next);
    }
  }

  #apply({ atMs, name, load }: LoadChange): void {
    const known = this.#running.get(name);
    if (known !== undefined && load !== null && sameLoad(known.load, load)) return;
    if (known !== undefined) {
      this.#running.delete(name);
      this.#begun.set(name, known.by.end(atMs));
    }
    if (load === null) return;
    const before = this.#begun.get(name) ?? this.#first();
    this.#begun.set(name, before);
    const by = this.#begin(load, atMs, before);
    this.#running.set(name, { load, sinceMs: load.sinceMs ?? atMs, by });
  }

  /** Where a load begins that has not run before: no two requests of a run have one number. */
  #first(): Continuation {
    const nextSeq = this.#begun.size * numbersOfALoad;
    return { nextSeq, lastDueMs: Number.NEGATIVE_INFINITY, afterSeq: -1 };
  }

  #begin(load: Load, atMs: number, { nextSeq: firstSeq, lastDueMs, afterSeq }: Continuation): RunningLoad {
    const { clock, startMs, untilMs, seed, share = wholeShare } = this.#options;
    const { demand } = load;
    const common = { clock, startMs, turn: (nowMs: number) => this.#turn(nowMs) };
    if (demand.model === 'closed') {
      const ask: Ask = (seq, scheduledMs, answered) => this.#take(load, seq, scheduledMs, answered);
      return new ClosedLoad({ ...common, demand, fromMs: atMs, untilMs, firstSeq, share, ask });
    }
    const { rate, arrivals } = demand;
    const sinceMs = load.sinceMs ?? atMs;
    // Even gaps go on evenly; those that are drawn know nothing of what was before.
    const gapMs = arrivals === 'uniform' ? 1000 / (rateAt(demand, atMs - sinceMs) || Infinity) : 0;
    const fromMs = Math.max(atMs, lastDueMs + gapMs);
    const schedule = { rate, arrivals, sinceMs, fromMs, untilMs, firstSeq, afterSeq, seed, share };
    const due = (seq: number, scheduledMs: number) => this.#take(load, seq, scheduledMs);
    return new OpenLoad({ ...common, schedule, due });
  }

  /** @param answered Told when the outcome is known; of a dropped request, before this returns. */
  #take({ nodes, workload }: Load, seq: number, scheduledMs: number, answered?: Answered): void {
    const { targets, seed, settings, phases } = this.#options;
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
    const phase = phaseAt(phases, scheduledMs);
    const due = { seq, phase, node: node.name, op: operation.name, scheduledMs };
    const request = new Request(due, this.#done, answered);
    if (this.#inFlight >= settings.max_in_flight) {
      this.#record(request);
      answered?.(false);
      return;
    }
    this.#inFlight += 1;
    if (this.#inFlight > this.#inFlightMost) this.#inFlightMost = this.#inFlight;
    request.sentMs = this.#runMs();
    this.#lag.add(request.sentMs - scheduledMs);
    target.invoke(node, operation, settings.timeout_sec * 1000, seq, request);
  }

  readonly #done = (request: Request): void => {
    this.#inFlight -= 1;
    request.doneMs = this.#runMs();
    this.#record(request);
    if (this.#inFlight === 0) this.#idle?.();
  };

  #record(record: RequestRecord): void {
    this.#recent.add(record);
    this.#options.record(record);
  }

  #runMs(): number {
    return this.#options.clock.now() - this.#options.startMs;
  }
}
