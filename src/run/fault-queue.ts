import type { Clock } from '../clock/clock.ts';
import { messageOf, OrchError } from '../model/errors.ts';
import { deedText } from '../model/fault-spec.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { Journal } from './journal.ts';
import type { FaultOrder, InjectOrder } from './plan.ts';
import { whenAborted } from './poll.ts';

/** Why a node may not be disturbed now, beside those that this run has taken down, as a clause; null where it may. */
export type Objection = (node: string, down: readonly string[]) => Promise<string | null>;

export interface FaultQueueOptions {
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  readonly faults: FaultDesk;
  readonly journal: Journal;
  readonly objection: Objection;
  /** Rejects where the system is not well to begin with: then nothing is disturbed. */
  readonly isSteady: () => Promise<void>;
  /** Ends the run: what has not begun by then is left out. */
  readonly stop: AbortSignal;
  /** Told of the first fault that could not be injected, or not be journaled. */
  readonly onError: (error: unknown) => void;
}

/** A fault that begins later than this was held up by the one before it. */
const lateMs = 1000;

/** An order that is to be carried out, and since when. */
interface Turn {
  readonly order: FaultOrder;
  readonly phase: string;
  readonly plannedMs: number;
  /** The fault that it stepped aside for before, in words. */
  readonly heldBy?: string | undefined;
}

/** An order that cannot be carried out yet: it lets those behind it pass until then. */
interface Held {
  /** A fault, in words. */
  readonly by?: string;
  readonly until: Promise<void>;
}

/**
 * Carries out a plan's faults in their order, each as soon as the one before it has taken effect, or its node serves
 * again; those of a parallel group together. A fault that meets another on its node steps aside until that is undone: what
 * a plan keeps apart may meet where things take longer than planned. All that happens beside the run's clock: phases and load
 * never wait for a node that takes its time.
 */
export class FaultQueue {
  readonly #options: FaultQueueOptions;
  /** The nodes that a fault is about to be injected into: another there waits for that. */
  readonly #busy = new Set<string>();
  /** When the last fault has begun, so that another may begin together with it; and when all that stood in line are done. */
  #begun: Promise<void> = Promise.resolve();
  #line: Promise<void> = Promise.resolve();
  /** When all that were added are done, those that have stepped aside too. */
  #done: Promise<void> = Promise.resolve();
  /** The faults that have stepped aside, by their ids: each with when it is done. */
  readonly #aside = new Map<string, Promise<void>>();
  #nextUndo = Promise.withResolvers<void>();
  readonly #closing = new AbortController();
  readonly #end: AbortSignal;
  readonly #leftOut: string[] = [];

  constructor(options: FaultQueueOptions) {
    this.#options = options;
    this.#end = AbortSignal.any([options.stop, this.#closing.signal]);
  }

  /** The faults that had no effect, or were not injected: they came too late, or something stood in their way. */
  get doubts(): readonly string[] {
    return [...this.#options.faults.doubts, ...this.#leftOut];
  }

  /**
   * Resolves when the fault has taken effect, or was undone: nodes need not serve again by then. Never rejects.
   * @param together Whether a fault begins with the one before it, as soon as that one's intent is on the disk. An undo waits,
   * and so does a second fault of a node.
   */
  add(order: FaultOrder, phase: string, plannedMs: number, together = false): Promise<void> {
    return this.#stand({ order, phase, plannedMs }, together);
  }

  /** Resolves when all that was added is done, but for nodes to serve again. */
  settled(): Promise<void> {
    return this.#done;
  }

  /** Leaves out what has not begun, and resolves when what has begun is done, but for nodes to serve again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#done;
  }

  #stand(turn: Turn, together: boolean): Promise<void> {
    const { order } = turn;
    const joins = together && order.type === 'inject' && !this.#busy.has(order.node);
    if (order.type === 'inject') this.#busy.add(order.node);
    const begun = Promise.withResolvers<void>();
    const passed = (joins ? this.#begun : this.#line)
      .then(() => this.#carryOut(turn, begun.resolve))
      .catch((error: unknown) => {
        this.#leftOut.push(messageOf(error));
        this.#options.onError(error);
        return null;
      })
      .finally(() => order.type === 'inject' && this.#busy.delete(order.node));
    const over = passed.then(() => {});
    this.#begun = joins ? Promise.race([begun.promise, over]) : over;
    this.#line = Promise.all([this.#line, over]).then(() => {});
    const done = passed.then((held) => (held === null ? undefined : this.#stepAside(turn, held)));
    this.#done = Promise.all([this.#done, done]).then(() => {});
    return done;
  }

  /** Lets others pass until it may be tried again. */
  #stepAside(turn: Turn, { by, until }: Held): Promise<void> {
    const { order } = turn;
    const again = Promise.race([until, whenAborted(this.#end)]).then(() =>
      this.#stand({ ...turn, heldBy: by }, false),
    );
    if (order.type === 'undo') return again;
    const done = again.finally(() => this.#aside.delete(order.id));
    this.#aside.set(order.id, done);
    return done;
  }

  /** Resolves to what it has to wait for; null where it is done. */
  async #carryOut(turn: Turn, onBegun: () => void): Promise<Held | null> {
    if (this.#options.stop.aborted) return null;
    const { order } = turn;
    if (order.type === 'inject') return this.#inject(turn, order, onBegun);
    // What has not begun cannot be undone: its turn comes first.
    const aside = this.#aside.get(order.id);
    if (aside !== undefined) return { until: aside };
    await this.#options.faults.undo(order.id);
    this.#nextUndo.resolve();
    this.#nextUndo = Promise.withResolvers();
    return null;
  }

  async #inject(turn: Turn, order: InjectOrder, onBegun: () => void): Promise<Held | null> {
    const { faults, objection, isSteady, stop } = this.#options;
    await faults.allServe(this.#end);
    if (!this.#end.aborted) await isSteady();
    if (stop.aborted) return null;
    const { node } = order;
    const { kind } = order.spec;
    if (this.#closing.signal.aborted) {
      const message = `${kind} of ${node} was left out: ${turn.heldBy ?? 'what came before it'} took until the run’s end`;
      this.#leftOut.push(message);
      await this.#warn(message);
      return null;
    }
    const other = faults.inTheWayOf(order);
    if (other !== undefined && other.state !== 'undo_failed')
      return { by: `${other.spec.kind} of ${node}`, until: this.#nextUndo.promise };
    await this.#sayLate(turn, `${kind} of ${node}`);
    const problem = await objection(node, faults.downNodes);
    if (problem !== null) {
      const hint = 'A node failed by itself, or is not back yet. `orch doctor` shows what serves.';
      throw new OrchError('blast-radius', `cannot ${deedText(kind, node)}: ${problem}`, { hint });
    }
    await faults.inject(order, turn.phase, stop, onBegun);
    return null;
  }

  async #sayLate({ plannedMs, heldBy }: Turn, what: string): Promise<void> {
    const { clock, startMs } = this.#options;
    const behindMs = clock.now() - startMs - plannedMs;
    if (heldBy === undefined && behindMs <= lateMs) return;
    const why = heldBy === undefined ? 'the fault before it took that long' : `${heldBy} had to end first`;
    await this.#warn(`${what} begins ${(behindMs / 1000).toFixed(1)} s late: ${why}`);
  }

  #warn(message: string): Promise<void> {
    return this.#options.journal.write({ type: 'note', level: 'warn', message });
  }
}
