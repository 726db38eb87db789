import { type Clock, sleep } from '../clock/clock.ts';
import type { Driver, Sighting } from '../control/driver.ts';
import { faults } from '../fault/box.ts';
import { messageOf, OrchError } from '../model/errors.ts';
import type { FaultKind, FaultState } from '../model/event.ts';
import type { Journal } from './journal.ts';
import { carryOut, poll, within } from './poll.ts';

/** How long each thing may take. No fault and no undo is ever waited for without an end. */
const limits = {
  /** A driver's answer to an order, beside the grace of a stop. */
  orderMs: 15_000,
  /** Order accepted → seen to be effective. */
  effectMs: 5_000,
  /** Node started → seen to run. */
  undoneMs: 15_000,
  /** Node runs → answers again. */
  servingMs: 30_000,
  undoTries: 3,
  backoffMs: 500,
  lookEveryMs: 10,
} as const;

export interface FaultDeskOptions {
  readonly clock: Clock;
  readonly driver: Driver;
  readonly journal: Journal;
  /** Whether the node answers, asked of the node itself. */
  readonly serves: (node: string) => Promise<boolean>;
}

interface OpenFault {
  readonly id: string;
  readonly kind: FaultKind;
  readonly node: string;
  readonly phase: string;
  readonly graceMs: number;
}

/** Injects faults and undoes them: journaled before the act, verified out-of-band after it. Knows what is broken now. */
export class FaultDesk {
  readonly #options: FaultDeskOptions;
  readonly #open = new Map<string, OpenFault>();
  /** Why the last try to undo a fault failed, by its id. Such a fault stays open and is tried again when the run ends. */
  readonly #undoFailures = new Map<string, string>();

  constructor(options: FaultDeskOptions) {
    this.#options = options;
  }

  /** `service-node-2 killed`, for each fault in force. */
  get broken(): readonly string[] {
    return [...this.#open.values()].map(({ kind, node }) => `${node} ${faults[kind].participle}`);
  }

  /** What could not be undone, with the reason. */
  get undoFailures(): readonly string[] {
    return [...this.#undoFailures.values()];
  }

  /**
   * Resolves to whether the fault was seen to be effective. An abort of the signal ends the looking, not the fault:
   * it stays open until it is undone.
   * @throws OrchError `fault-failed` where the node is not as it should be, or the driver refuses
   * @throws OrchError `disk-full`, `write-failed` where the intent cannot be journaled; then nothing is injected
   */
  async inject(fault: OpenFault, signal: AbortSignal): Promise<boolean> {
    const { clock, driver } = this.#options;
    const { kind, node, graceMs } = fault;
    const before = await this.#observe(node);
    if (before.state !== 'running') {
      throw new OrchError(
        'fault-failed',
        `cannot ${kind} ${node}: it is ${before.state} already, and not by this run`,
        {
          details: [before.evidence],
        },
      );
    }
    await this.#write(fault, 'requested', before.evidence, before);
    this.#open.set(fault.id, fault);
    const look = async () => {
      const now = await driver.observe(node);
      return faults[kind].isEffective(before, now) ? now : undefined;
    };
    const order = faults[kind].inject(driver, node, { graceMs });
    const { seen, accepted } = await carryOut({
      clock,
      lookEveryMs: limits.lookEveryMs,
      order: within(clock, limits.orderMs + graceMs, order, `the ${driver.name} driver did not answer`),
      effectMs: limits.effectMs,
      signal,
      look,
    });
    if (seen !== undefined) await this.#write(fault, 'effective', seen.evidence);
    const error = await accepted;
    if (seen !== undefined) return true;
    if (error !== null) {
      await this.#write(fault, 'failed', messageOf(error));
      throw new OrchError('fault-failed', `cannot ${kind} ${node}: ${messageOf(error)}`, { cause: error });
    }
    // An interruption ends the looking, maybe a moment before there was something to see.
    const late = signal.aborted ? await look().catch(() => undefined) : undefined;
    await this.#write(
      fault,
      late === undefined ? 'ineffective' : 'effective',
      late?.evidence ?? 'no effect was seen',
    );
    return late !== undefined;
  }

  /** Undoes one fault and waits until its node serves again. Never rejects: what fails is kept in `undoFailures`. */
  async undo(id: string): Promise<void> {
    const fault = this.#open.get(id);
    if (fault === undefined) return;
    try {
      await this.#tryUndo(fault);
      this.#open.delete(id);
      this.#undoFailures.delete(id);
    } catch (error) {
      const reason = messageOf(error);
      this.#undoFailures.set(id, `${fault.node} ${faults[fault.kind].participle}: ${reason}`);
      await this.#write(fault, 'undo_failed', reason).catch(() => {});
    }
  }

  /** Undoes what is in force, the last fault first. */
  async undoAll(): Promise<void> {
    for (const id of [...this.#open.keys()].toReversed()) await this.undo(id);
  }

  async #tryUndo(fault: OpenFault): Promise<void> {
    const { clock, driver, serves } = this.#options;
    const { kind, node } = fault;
    // The undo matters more than its journal entry: it goes on where the disk is full.
    await this.#write(fault, 'undo_requested').catch(() => {});
    const { seen, accepted } = await carryOut({
      clock,
      lookEveryMs: limits.lookEveryMs,
      order: this.#orderUndo(fault),
      effectMs: limits.undoneMs,
      look: async () => {
        const now = await driver.observe(node);
        return faults[kind].isUndone(now) ? now : undefined;
      },
    });
    if (seen !== undefined) await this.#write(fault, 'undone', seen.evidence).catch(() => {});
    const error = await accepted;
    if (seen === undefined) {
      throw error ?? new Error(`${faults[kind].undoneBy} had no effect within ${limits.undoneMs / 1000} s`);
    }
    const serving = await poll({ clock, everyMs: limits.lookEveryMs, limitMs: limits.servingMs }, async () =>
      (await serves(node)) ? true : undefined,
    );
    if (serving === undefined)
      throw new Error(`it runs again, but did not answer within ${limits.servingMs / 1000} s`);
    await this.#write(fault, 'verified', 'the node answers').catch(() => {});
  }

  async #orderUndo({ kind, node }: OpenFault): Promise<void> {
    const { clock, driver } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const now = await this.#observe(node);
        // Somebody else, or a restart policy, may have brought it back already.
        if (faults[kind].isUndone(now)) return;
        await within(
          clock,
          limits.orderMs,
          faults[kind].undo(driver, node),
          `the ${driver.name} driver did not answer`,
        );
        return;
      } catch (error) {
        if (attempt === limits.undoTries) throw error;
        await sleep(clock, limits.backoffMs * attempt);
      }
    }
  }

  #observe(node: string): Promise<Sighting> {
    const { clock, driver } = this.#options;
    return within(clock, limits.orderMs, driver.observe(node), `the ${driver.name} driver did not answer`);
  }

  #write(fault: OpenFault, state: FaultState, detail?: string, before?: Sighting): Promise<void> {
    const { driver, journal } = this.#options;
    const { id, kind, node, phase } = fault;
    const how = `${faults[kind].undoneBy} (orch does so itself when the run ends)`;
    return journal.write({
      type: 'fault',
      id,
      kind,
      node,
      phase,
      state,
      ...(before === undefined
        ? {}
        : { undo: { driver: driver.name, incarnation: before.incarnation, how } }),
      ...(detail === undefined ? {} : { detail }),
    });
  }
}
