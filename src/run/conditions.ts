import { decide } from '../check/decide.ts';
import type { Verdict } from '../check/observation.ts';
import { type Clock, sleep } from '../clock/clock.ts';
import type { Look } from '../model/check.ts';
import type { Condition } from '../model/condition.ts';
import { OrchError } from '../model/errors.ts';
import type { WaitUntil } from './flow-runner.ts';
import type { Journal } from './journal.ts';
import type { MetricBook } from './metric-book.ts';

/** How the system under test is asked; both never reject. */
export interface Asking {
  readonly look: (look: Look, signal: AbortSignal) => Promise<Verdict>;
  /** Whether a node answers. */
  readonly serves: (node: string) => Promise<boolean>;
}

export interface ConditionsOptions {
  readonly clock: Clock;
  readonly metrics: MetricBook;
  readonly asking: Asking;
  readonly journal: Journal;
}

const lookEveryMs = 200;

/** Judges the conditions of a scenario when their time has come, and keeps what was seen in the journal. */
export class Conditions {
  readonly #options: ConditionsOptions;

  constructor(options: ConditionsOptions) {
    this.#options = options;
  }

  async decide(condition: Condition, place: string, signal: AbortSignal): Promise<boolean> {
    const verdict = await this.judge(condition, signal);
    await this.#options.journal.write({ type: 'condition', of: 'if', place, ...verdict });
    return verdict.holds;
  }

  /** @throws OrchError `wait-timed-out` where the condition has not held by its time limit, and that is to end the run */
  async waitUntil({ condition, limitMs, onTimeout, place }: WaitUntil, signal: AbortSignal): Promise<void> {
    const { clock, journal } = this.#options;
    const endMs = clock.now() + limitMs;
    let verdict = await this.judge(condition, signal);
    while (!verdict.holds && clock.now() < endMs && !signal.aborted) {
      await sleep(clock, Math.min(lookEveryMs, Math.max(endMs - clock.now(), 1)), signal);
      verdict = await this.judge(condition, signal);
    }
    if (signal.aborted && !verdict.holds) return;
    await journal.write({ type: 'condition', of: 'wait_until', place, ...verdict });
    if (verdict.holds || onTimeout === 'go_on') return;
    const what = `${place}: what was waited for did not come within ${limitMs / 1000} s: ${verdict.evidence}`;
    throw new OrchError('wait-timed-out', what, {
      hint: 'A longer timeout_sec gives it more time; with on_timeout: go_on the run goes on all the same.',
    });
  }

  /** Never rejects. */
  judge(condition: Condition, signal: AbortSignal): Promise<Verdict> {
    const { metrics, asking } = this.#options;
    return decide(condition, async (simple) => {
      if (simple.kind === 'metric') return metrics.judge(simple.metric);
      if (simple.kind === 'look') return asking.look(simple.look, signal);
      const serves = await asking.serves(simple.node);
      const evidence = `${simple.node} ${serves ? 'answers' : 'does not answer'}`;
      return { holds: serves === (simple.is === 'healthy'), evidence };
    });
  }
}
