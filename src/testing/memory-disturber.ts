import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/clock.ts';
import type { Disturber, Json, Trace } from '../model/disturber.ts';
import type { DisturbanceKind } from '../model/fault-spec.ts';

/** Rules in a set: putting one there, or taking it away, takes 10 ms of the clock. Every call is kept in `calls`. */
export class MemoryDisturber implements Disturber {
  readonly means = 'rules';
  readonly kinds: readonly DisturbanceKind[] = ['latency', 'loss', 'partition'];
  readonly rules = new Set<string>();
  readonly calls: string[] = [];
  /** Why it can do nothing here. */
  refuses: string | null = null;
  /** True where what is put there does not stay. */
  isVain = false;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  refusal(): Promise<string | null> {
    return Promise.resolve(this.refuses);
  }

  prepare(node: string, _spec: unknown, marker: string): Promise<Json> {
    return Promise.resolve({ rule: `${node}/${marker}` });
  }

  async apply(_node: string, _spec: unknown, prepared: Json): Promise<void> {
    await sleep(this.#clock, 10);
    this.calls.push(`apply ${ruleOf(prepared)}`);
    if (!this.isVain) this.rules.add(ruleOf(prepared));
  }

  async remove(_node: string, _spec: unknown, prepared: Json): Promise<void> {
    await sleep(this.#clock, 10);
    this.calls.push(`remove ${ruleOf(prepared)}`);
    this.rules.delete(ruleOf(prepared));
  }

  look(_node: string, _spec: unknown, prepared: Json): Promise<Trace> {
    const state = this.rules.has(ruleOf(prepared)) ? 'present' : 'absent';
    return Promise.resolve({ state, evidence: `rule ${ruleOf(prepared)} is ${state}` });
  }
}

function ruleOf(prepared: Json): string {
  return (prepared as { rule: string }).rule;
}
