import type { Clock } from '../clock/clock.ts';
import type { Config } from '../model/config.ts';
import type { ScheduleLag } from '../model/manifest.ts';
import type { NodeSpec } from '../model/node.ts';
import type { RequestRecord } from '../model/record.ts';
import type { Operation, Target } from '../target/target.ts';
import { LagMeter } from './lag.ts';
import { type LiveSample, LiveView } from './live.ts';
import { Pacer } from './pacer.ts';
import type { Random } from '../model/random.ts';

/** What load is meant to be. */
export interface Load {
  readonly rps: number;
  readonly nodes: readonly NodeSpec[];
}

export interface LoadAgentOptions {
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  /** When the run's last phase ends, in milliseconds since the start: nothing is due from then on. */
  readonly untilMs: number;
  readonly target: Target;
  readonly random: Random;
  readonly settings: Config['load'];
  /** The phase in which a request due at that time of the run belongs. */
  readonly phaseAt: (runMs: number) => string;
  /** Takes each record as its outcome becomes known. Must not throw. */
  readonly record: (record: RequestRecord) => void;
}

type DueRequest = Pick<RequestRecord, 'seq' | 'phase' | 'node' | 'op' | 'scheduledMs'>;

const dropped = {
  sentMs: Number.NaN,
  doneMs: Number.NaN,
  outcome: 'dropped',
  status: 0,
  error: 'dropped',
} as const;

/**
 * An open model: requests are due at the arrival rate whatever the nodes do. Each one that is due becomes exactly one
 * record; one that would exceed the bound of requests in flight becomes a record with the outcome `dropped`.
 */
export class LoadAgent {
  readonly #options: LoadAgentOptions;
  readonly #live: LiveView;
  readonly #lag = new LagMeter();
  #load: Load | null = null;
  #pacer: Pacer | null = null;
  #pacing: AbortController | null = null;
  #lastDueMs = Number.NEGATIVE_INFINITY;
  #seq = 0;
  #inFlight = 0;
  #idle: (() => void) | null = null;

  constructor(options: LoadAgentOptions) {
    this.#options = options;
    this.#live = new LiveView(options.clock.now());
  }

  /** What load is running; null when none is. */
  get load(): Load | null {
    return this.#load;
  }

  get scheduleLag(): ScheduleLag | null {
    return this.#lag.summary;
  }

  sample(): LiveSample {
    return this.#live.sample(this.#options.clock.now(), this.#inFlight);
  }

  /**
   * Starts load, or changes it, as of `fromMs` of the run. The schedule goes on from the last request due, without a gap
   * or a burst.
   */
  set(load: Load, fromMs: number): void {
    if (sameLoad(this.#load, load)) return;
    this.#end(fromMs);
    this.#load = load;
    this.#pacer = new Pacer({
      rps: load.rps,
      fromMs: Math.max(fromMs, this.#lastDueMs + 1000 / load.rps),
      untilMs: this.#options.untilMs,
    });
    const pacing = new AbortController();
    this.#pacing = pacing;
    void this.#pace(this.#pacer, load, pacing.signal);
  }

  /** Nothing is due any more. Requests in flight go on. */
  stop(): void {
    this.#end(this.#runMs());
  }

  /** Resolves when no request is in flight. Bounded by the request timeout that every target keeps to. */
  async drain(): Promise<void> {
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  /** What was due by then is sent by then, even where the timer that was to send it has not fired yet. */
  #end(atMs: number): void {
    const load = this.#load;
    const pacer = this.#pacer;
    if (load !== null && pacer !== null) while (pacer.nextMs < atMs) this.#due(pacer.take(), load);
    this.#pacing?.abort();
    this.#pacing = null;
    this.#pacer = null;
    this.#load = null;
  }

  async #pace(pacer: Pacer, load: Load, signal: AbortSignal): Promise<void> {
    const { clock, startMs } = this.#options;
    while (!signal.aborted && pacer.nextMs !== Number.POSITIVE_INFINITY) {
      const nowMs = this.#runMs();
      while (pacer.nextMs <= nowMs) this.#due(pacer.take(), load);
      if (pacer.nextMs !== Number.POSITIVE_INFINITY) await clock.sleepUntil(startMs + pacer.nextMs, signal);
    }
  }

  #due(scheduledMs: number, load: Load): void {
    const { target, random, settings, phaseAt } = this.#options;
    const seq = this.#seq;
    this.#seq += 1;
    this.#lastDueMs = scheduledMs;
    const place =
      settings.spread === 'random' ? Math.floor(random() * load.nodes.length) : seq % load.nodes.length;
    const node = load.nodes[place];
    if (node === undefined) throw new Error('load without nodes'); // the plan has seen to it that there are some
    const operation = target.operation(random());
    const due: DueRequest = {
      seq,
      phase: phaseAt(scheduledMs),
      node: node.name,
      op: operation.name,
      scheduledMs,
    };
    if (this.#inFlight < settings.max_in_flight) void this.#send(due, node, operation);
    else this.#record({ ...due, ...dropped });
  }

  async #send(due: DueRequest, node: NodeSpec, operation: Operation): Promise<void> {
    const { target, settings } = this.#options;
    this.#inFlight += 1;
    const sentMs = this.#runMs();
    this.#lag.add(sentMs - due.scheduledMs);
    const reply = await target.invoke(node, operation, settings.timeout_sec * 1000);
    this.#inFlight -= 1;
    this.#record({ ...due, sentMs, doneMs: this.#runMs(), ...reply });
    if (this.#inFlight === 0) this.#idle?.();
  }

  #record(record: RequestRecord): void {
    this.#live.add(record);
    this.#options.record(record);
  }

  #runMs(): number {
    return this.#options.clock.now() - this.#options.startMs;
  }
}

function sameLoad(a: Load | null, b: Load): boolean {
  return (
    a !== null &&
    a.rps === b.rps &&
    a.nodes.length === b.nodes.length &&
    a.nodes.every((node, i) => node === b.nodes[i])
  );
}
