import type { Clock } from '../clock/clock.ts';
import { OrchError } from '../model/errors.ts';
import type { FaultDesk } from './fault-desk.ts';
import type { Journal } from './journal.ts';
import type { FaultOrder } from './plan.ts';

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

/**
 * Carries out a plan's faults in their order, each as soon as the one before it has taken effect, or its node serves
 * again; those of a parallel group together. That happens beside the run's clock: phases and load never wait for a node that takes its time.
 */
export class FaultQueue {
  readonly #options: FaultQueueOptions;
  /** The nodes that a fault is about to be injected into: another there waits for that. */
  readonly #busy = new Set<string>();
  /** When the last fault has begun, so that another may begin together with it; and when all that were added are done. */
  #begun: Promise<void> = Promise.resolve();
  #done: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();
  readonly #end: AbortSignal;
  #leftOut = false;

  constructor(options: FaultQueueOptions) {
    this.#options = options;
    this.#end = AbortSignal.any([options.stop, this.#closing.signal]);
  }

  /** False where a fault had no effect, or was not injected: it came too late, or something stood in its way. */
  get conclusive(): boolean {
    return !this.#leftOut && this.#options.faults.conclusive;
  }

  /**
   * Resolves when the fault has taken effect, or was undone: nodes need not serve again by then. Never rejects.
   * @param together Whether a fault begins with the one before it, as soon as that one's intent is on the disk. An undo waits,
   * and so does a second fault of a node.
   */
  add(order: FaultOrder, phase: string, plannedMs: number, together = false): Promise<void> {
    const joins = together && order.type === 'inject' && !this.#busy.has(order.node);
    if (order.type === 'inject') this.#busy.add(order.node);
    const begun = Promise.withResolvers<void>();
    const done = (joins ? this.#begun : this.#done)
      .then(() => this.#carryOut(order, phase, plannedMs, begun.resolve))
      .catch((error: unknown) => {
        this.#leftOut = true;
        this.#options.onError(error);
      })
      .finally(() => order.type === 'inject' && this.#busy.delete(order.node));
    this.#begun = joins ? Promise.race([begun.promise, done]) : done;
    this.#done = Promise.all([this.#done, done]).then(() => {});
    return done;
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

  async #carryOut(order: FaultOrder, phase: string, plannedMs: number, onBegun: () => void): Promise<void> {
    const { clock, startMs, faults, journal, objection, isSteady, stop } = this.#options;
    if (stop.aborted) return undefined;
    if (order.type === 'undo') return faults.undo(order.id);
    await faults.allServe(this.#end);
    if (!this.#end.aborted) await isSteady();
    if (stop.aborted) return undefined;
    const { node } = order;
    const { kind } = order.spec;
    if (this.#closing.signal.aborted) {
      this.#leftOut = true;
      return journal.write({
        type: 'note',
        level: 'warn',
        message: `${kind} ${node} was left out: the faults before it took until the run's end`,
      });
    }
    const behindMs = clock.now() - startMs - plannedMs;
    if (behindMs > lateMs) {
      const message = `${kind} ${node} begins ${(behindMs / 1000).toFixed(1)} s late: the fault before it took that long`;
      await journal.write({ type: 'note', level: 'warn', message });
    }
    const problem = await objection(node, faults.downNodes);
    if (problem !== null) {
      const hint = 'A node failed by itself, or is not back yet. `orch doctor` shows what serves.';
      throw new OrchError('blast-radius', `${kind} ${node} was not carried out: ${problem}`, { hint });
    }
    return faults.inject(order, phase, stop, onBegun);
  }
}
