import type { Clock } from '../clock/clock.ts';
import { NodeGone, type Sighting } from '../control/driver.ts';
import { faults } from '../fault/box.ts';
import type { Hands, Subject } from '../fault/fault.ts';
import { messageOf, OrchError } from '../model/errors.ts';
import type { FaultState } from '../model/event.ts';
import { deedText } from '../model/fault-spec.ts';
import { FaultBook } from './fault-book.ts';
import { brokenText, type JournaledFault, mayFollow } from './fault-life.ts';
import type { Journal } from './journal.ts';
import type { InjectOrder } from './plan.ts';
import { carryOut, whenAborted, within } from './poll.ts';
import { patienceMs, refusals, undoFault } from './undo.ts';
import { prepare, undoNote } from './undo-note.ts';

/** How long each thing may take. No fault is ever waited for without an end. */
const limits = {
  /** A driver's answer to an order, beside the grace of a stop. */
  orderMs: 15_000,
  /** Order accepted → seen to be effective; an order that was not seen to be may take effect for as long again. */
  effectMs: 5_000,
  lookEveryMs: 10,
} as const;

export interface FaultDeskOptions {
  readonly clock: Clock;
  readonly hands: Hands;
  readonly journal: Journal;
  /** Whether the node answers, asked of the node itself. */
  readonly serves: (node: string) => Promise<boolean>;
  /** How long a fault may outlast its planned end, in milliseconds. */
  readonly overtimeMs: number;
  /** Unique to this run: letters and digits. What is put beside a node is marked by it. */
  readonly mark: string;
}

/** Injects faults and undoes them: journaled before the act, verified out-of-band after it. Knows what is broken now. */
export class FaultDesk {
  readonly #options: FaultDeskOptions;
  readonly #book: FaultBook;
  /** Why the last try to undo a fault failed, by its id. Such a fault stays open and is tried again when the run ends. */
  readonly #undoFailures = new Map<string, string>();
  /** The waits for nodes to serve again, by the fault's id. */
  readonly #served = new Map<string, Promise<void>>();
  /** By the fault's id. */
  readonly #doubts = new Map<string, string>();

  constructor(options: FaultDeskOptions) {
    this.#options = options;
    this.#book = new FaultBook(options.journal);
  }

  /** `service-node-2 killed`, for each fault in force. */
  get broken(): readonly string[] {
    return this.#book.broken;
  }

  /** The nodes with a fault in force, each once. */
  get downNodes(): readonly string[] {
    return this.#book.nodes;
  }

  /** What could not be undone, with the reason. */
  get undoFailures(): readonly string[] {
    return [...this.#undoFailures.values()];
  }

  /** The faults that had no effect, or whose node somebody else had a hand in: `kill of api-1: no effect was seen`. */
  get doubts(): readonly string[] {
    return [...this.#doubts.values()];
  }

  /** What is in force on the order's node that such a fault must not meet. */
  inTheWayOf({ spec, node }: InjectOrder): JournaledFault | undefined {
    return this.#book.inTheWayOf(spec.kind, node);
  }

  /**
   * Resolves once the fault was seen to be effective, or was not. After an abort of the signal nothing is disturbed any
   * more; of a fault that is on its way it ends the looking, not the fault: that stays open until it is undone.
   * @param onBegun Told once the intent is on the disk.
   * @throws OrchError `fault-failed` where the node is not as it should be, or the driver refuses
   * @throws OrchError `disk-full`, `write-failed` where the intent cannot be journaled; then nothing is injected
   */
  async inject(order: InjectOrder, phase: string, signal: AbortSignal, onBegun: () => void): Promise<void> {
    const { clock, hands, journal, overtimeMs, mark } = this.#options;
    const { id, spec, node, means } = order;
    const { kind } = spec;
    const other = this.inTheWayOf(order);
    if (other !== undefined) throw cannotInject(order, new Error(`${brokenText(other)} is not undone yet`));
    const before = await this.#observe(node).catch((error: unknown) => {
      throw cannotInject(order, error);
    });
    if (signal.aborted) return;
    if (before.state !== 'running') {
      throw new OrchError(
        'fault-failed',
        `cannot ${deedText(kind, node)}: it is ${before.state} already, and not by this run`,
        { details: [before.evidence] },
      );
    }
    const prepared = await this.#answered(prepare(order, hands, mark)).catch((error: unknown) => {
      throw cannotInject(order, error);
    });
    const subject: Subject = { node, spec, means, prepared };
    const fault: JournaledFault = {
      ...subject,
      id,
      phase,
      state: 'requested',
      wasEffective: false,
      undoOrdered: false,
      note: undoNote(order, {
        driver: hands.driver,
        before,
        prepared,
        effectMs: limits.effectMs,
        limitMs: Math.max(order.undoByMs - journal.runMs, 0) + overtimeMs,
      }),
    };
    await this.#book.begin(fault, before.evidence);
    onBegun();
    if (signal.aborted) return;
    let last = before;
    const look = async () => {
      const now = await this.#answered(faults[kind].look(hands, subject));
      last = now;
      return faults[kind].isEffective(before, now) ? now : undefined;
    };
    const { seen, accepted } = await carryOut({
      clock,
      lookEveryMs: limits.lookEveryMs,
      order: this.#answered(faults[kind].inject(hands, subject), faults[kind].extraMs(spec)),
      effectMs: limits.effectMs,
      signal,
      look,
    });
    if (seen !== undefined) await this.#book.advance(id, 'effective', seen.evidence);
    const error = await accepted;
    if (seen !== undefined) return;
    if (error !== null) {
      this.#doubt(fault, messageOf(error));
      // A disk that is full besides does not hide why the fault failed.
      await this.#book.advance(id, 'failed', messageOf(error)).catch(() => {});
      throw cannotInject(order, error);
    }
    // The looking may have ended before there was something to see: by an interruption, or by a look without an answer.
    let why: string | null = null;
    const late = await look().catch((thrown: unknown) => {
      if (thrown instanceof NodeGone) why = thrown.message;
    });
    if (late !== undefined) return this.#book.advance(id, 'effective', late.evidence);
    const detail = why ?? `no effect was seen: ${last.evidence}`;
    this.#doubt(fault, detail);
    return this.#book.advance(id, 'ineffective', detail);
  }

  /** Undoes one fault. That its node serves again is waited for beside. Never rejects: what fails is kept in `undoFailures`. */
  async undo(id: string): Promise<void> {
    const wait = await this.#undo(id, this.#options.clock.now() + patienceMs);
    this.#served.set(id, wait());
  }

  /** Waits until every node whose fault was undone serves again or was given up, or the signal aborts. */
  async allServe(signal: AbortSignal): Promise<void> {
    await Promise.race([Promise.all(this.#served.values()), whenAborted(signal)]);
  }

  /**
   * Undoes what is in force, the last fault first, then waits until all nodes serve again. An engine that does not answer
   * is waited for once, not once for each fault.
   */
  async undoAll(): Promise<void> {
    const untilMs = this.#options.clock.now() + patienceMs;
    const waits: (() => Promise<void>)[] = [];
    for (const { id, state } of this.#book.all.toReversed()) {
      // Of one that is undone already only the wait is left, or not even that where its end is just being written.
      if (state !== 'undone' && mayFollow(state, 'undo_requested')) waits.push(await this.#undo(id, untilMs));
    }
    await Promise.all([...waits.map((wait) => wait()), ...this.#served.values()]);
  }

  /** Resolves to the wait until its node serves again. */
  async #undo(id: string, untilMs: number): Promise<() => Promise<void>> {
    const fault = this.#book.get(id);
    if (fault === undefined) return () => Promise.resolve();
    const { clock, hands, serves, journal } = this.#options;
    const isBeset = (node: string) => this.#book.isBesetBeside(id, node);
    const warn = (message: string) => journal.write({ type: 'note', level: 'warn', message });
    const write = (state: FaultState, detail?: string) => {
      if (state === 'superseded') this.#doubt(fault, detail ?? 'somebody else had a hand in its node');
      return this.#book.advance(id, state, detail);
    };
    const failed = async (thrown: unknown) => {
      const reason = messageOf(thrown);
      this.#undoFailures.set(id, `${brokenText(fault)}: ${reason}`);
      await write('undo_failed', reason).catch(() => {});
    };
    try {
      const wait = await undoFault(fault, { clock, hands, serves, isBeset, untilMs, refusals, write, warn });
      return async () => {
        try {
          await wait();
          this.#close(id);
        } catch (error) {
          await failed(error);
        }
      };
    } catch (error) {
      await failed(error);
      return () => Promise.resolve();
    }
  }

  #close(id: string): void {
    this.#book.close(id);
    this.#undoFailures.delete(id);
  }

  #doubt({ id, spec, node }: JournaledFault, why: string): void {
    this.#doubts.set(id, `${spec.kind} of ${node}: ${why}`);
  }

  #observe(node: string): Promise<Sighting> {
    return this.#answered(this.#options.hands.driver.observe(node));
  }

  #answered<T>(asked: Promise<T>, extraMs = 0): Promise<T> {
    const { clock, hands } = this.#options;
    return within(clock, limits.orderMs + extraMs, asked, `the ${hands.driver.name} driver did not answer`);
  }
}

function cannotInject({ spec, node }: InjectOrder, error: unknown): OrchError {
  return new OrchError('fault-failed', `cannot ${deedText(spec.kind, node)}: ${messageOf(error)}`, {
    cause: error,
  });
}
