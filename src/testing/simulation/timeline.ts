import type { Clock } from '../../clock/clock.ts';

/** Who had a hand in something. */
export type Hand = 'ours' | 'stranger' | 'itself';

/** What happened in a simulated run, for people to read when a seed fails, and what must not have happened. */
export class Timeline {
  readonly violations: string[] = [];
  readonly #clock: Clock;
  readonly #lines: string[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  say(who: string, what: string): void {
    const sec = (this.#clock.now() / 1000).toFixed(3).padStart(9);
    this.#lines.push(`${sec} s  ${who.padEnd(12)} ${what}`);
  }

  violated(what: string): void {
    this.violations.push(what);
    this.say('VIOLATION', what);
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}
