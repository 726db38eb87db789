import type { Verdict } from '../check/observation.ts';
import { type Clock, sleep } from '../clock/clock.ts';
import type { Check } from '../model/check.ts';
import { type Condition, conditionOfCheck } from '../model/condition.ts';
import { OrchError } from '../model/errors.ts';
import type { Checked } from '../model/event.ts';
import type { Journal } from './journal.ts';

export interface SteadyStateOptions {
  readonly clock: Clock;
  readonly checks: readonly Check[];
  readonly judge: (condition: Condition, signal: AbortSignal) => Promise<Verdict>;
  /** Whether a condition can be judged yet: of a metric nothing is known while no load runs. */
  readonly isKnown: (condition: Condition) => boolean;
  readonly journal: Journal;
  /** Ends the run, and with it the first look. */
  readonly stop: AbortSignal;
}

type Moment = Checked['moment'];

/** Looks whether the system is well: before anything is disturbed, while it is, and after it was. */
export class SteadyState {
  readonly #options: SteadyStateOptions;
  readonly #ending = new AbortController();
  readonly #watching: Promise<void>[] = [];
  #before: Promise<void> | null = null;
  #lost: readonly string[] = [];

  constructor(options: SteadyStateOptions) {
    this.#options = options;
  }

  /** The names of the checks that did not hold when all was over. */
  get lost(): readonly string[] {
    return this.#lost;
  }

  /**
   * To be called before each fault; the first time it looks.
   * @throws OrchError `not-steady` where a check does not hold
   */
  before(): Promise<void> {
    this.#before ??= this.#lookBefore();
    return this.#before;
  }

  /** Begins to look at what is to hold during the run. */
  watch(): void {
    for (const check of this.#at('during')) this.#watching.push(this.#watch(check));
  }

  /** Ends the watching, and takes the metrics as they are: load is about to end. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#watching);
    const metrics = this.#at('after').filter(({ metric }) => metric !== undefined);
    await this.#after(metrics, new AbortController().signal);
  }

  /** Looks once more, when all is undone. One who interrupts the run does not wait for that: false then. */
  async after(interrupt: AbortSignal): Promise<boolean> {
    const looks = this.#at('after').filter(({ metric }) => metric === undefined);
    return this.#after(looks, interrupt);
  }

  async #lookBefore(): Promise<void> {
    const { stop } = this.#options;
    const failed: string[] = [];
    for (const check of this.#at('before')) {
      const seen = await this.#look(check, 'before', stop);
      if (seen === null) return;
      if (!seen.holds) failed.push(`${check.name}: ${seen.evidence}`);
    }
    if (failed.length === 0) return;
    throw new OrchError('not-steady', 'the system is not well to begin with; nothing was disturbed', {
      details: failed,
    });
  }

  async #after(checks: readonly Check[], interrupt: AbortSignal): Promise<boolean> {
    for (const check of checks) {
      const seen = await this.#look(check, 'after', interrupt);
      if (seen === null) return false;
      if (!seen.holds) this.#lost = [...this.#lost, check.name];
    }
    return true;
  }

  /** Each change is told, and the first look; what cannot be judged yet is no change. */
  async #watch(check: Check): Promise<void> {
    const { clock, isKnown } = this.#options;
    const { signal } = this.#ending;
    let told: boolean | null = null;
    for (let nextMs = clock.now(); !signal.aborted; ) {
      if (isKnown(conditionOfCheck(check))) told = await this.#lookAgain(check, told, signal);
      nextMs = Math.max(nextMs + check.every_sec * 1000, clock.now());
      await clock.sleepUntil(nextMs, signal);
      // A look that takes no time must not keep the clock from moving.
      await sleep(clock, 1, signal);
    }
    if (told === null) await this.#sayUnseen(check);
  }

  async #lookAgain(check: Check, told: boolean | null, signal: AbortSignal): Promise<boolean | null> {
    const seen = await this.#ask(check, signal);
    if (signal.aborted) return told;
    if (seen.holds !== told) await this.#tell(check, 'during', seen);
    return seen.holds;
  }

  async #sayUnseen({ name }: Check): Promise<void> {
    const message = `${name}: never judged during the run, as nothing came to be known of it`;
    await this.#options.journal.write({ type: 'note', level: 'warn', message }).catch(() => {});
  }

  /** Null where the signal came first: what was not seen to its end is not told. */
  async #look(check: Check, moment: Moment, signal: AbortSignal): Promise<Verdict | null> {
    if (signal.aborted) return null;
    const seen = await this.#ask(check, signal);
    if (signal.aborted) return null;
    await this.#tell(check, moment, seen);
    return seen;
  }

  async #ask(check: Check, signal: AbortSignal): Promise<Verdict & { readonly tookMs: number }> {
    const { clock, judge } = this.#options;
    const begunMs = clock.now();
    const verdict = await judge(conditionOfCheck(check), signal);
    return { ...verdict, tookMs: clock.now() - begunMs };
  }

  async #tell(
    { name }: Check,
    moment: Moment,
    { holds, evidence, tookMs }: Verdict & { readonly tookMs: number },
  ): Promise<void> {
    const event = { type: 'check', name, moment, holds, evidence, took_ms: Math.round(tookMs) } as const;
    await this.#options.journal.write(event).catch(() => {});
  }

  #at(moment: Moment): readonly Check[] {
    return this.#options.checks.filter((check) => check.when.includes(moment));
  }
}
