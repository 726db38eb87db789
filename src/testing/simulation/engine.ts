import { type Clock, sleep } from '../../clock/clock.ts';
import type { Sighting } from '../../control/driver.ts';
import type { Power } from '../../control/powers.ts';
import type { Dice } from './dice.ts';
import type { Timeline } from './timeline.ts';
import type { World } from './world.ts';

/** A time during which the engine is not there: it answers nothing and does nothing until it is over, or refuses every call. */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: 'silent' | 'refuses';
}

/** How often something goes wrong, from 0 to 1. */
export interface Weather {
  readonly orders: number;
  readonly looks: number;
  readonly outages: readonly Outage[];
}

/** How one order fares. */
const fates = {
  refused: 3,
  refused_yet_done: 2,
  does_nothing: 2,
  hangs: 2,
  hangs_yet_done: 2,
  held: 6,
  late_effect: 3,
  late_answer: 3,
} as const;

/** An order that the engine has taken has its effect within this time, a stop's grace and outages not counted. */
const latestEffectMs = 2_500;

/**
 * An engine that does what real ones do. It may answer late, never, or other than is true; but an order that it was
 * given takes effect soon or not at all, whether or not its caller still waits; after an outage, soon after that.
 */
export class Engine {
  readonly #clock: Clock;
  readonly #world: World;
  readonly #dice: Dice;
  readonly #timeline: Timeline;
  #weather: Weather;

  constructor(clock: Clock, world: World, dice: Dice, timeline: Timeline, weather: Weather) {
    this.#clock = clock;
    this.#world = world;
    this.#dice = dice;
    this.#timeline = timeline;
    this.#weather = weather;
  }

  /** From here on everything works. */
  heal(): void {
    this.#weather = { orders: 0, looks: 0, outages: [] };
  }

  observe(node: string): Promise<Sighting> {
    return this.look(() => this.#world.look(node));
  }

  /** A look at anything of the world. */
  async look<T>(read: () => T): Promise<T> {
    const dice = this.#dice;
    await this.#arrive();
    const troubled = dice.chance(this.#weather.looks);
    const trouble = troubled ? dice.weighted({ fails: 16, late: 2, stale: 2, hangs: 1 }) : 'none';
    if (trouble === 'hangs') return new Promise(() => {});
    const stale = trouble === 'stale' ? { seen: read() } : undefined;
    await this.#pass(trouble === 'late' || stale !== undefined ? dice.whole(100, 20_000) : dice.whole(1, 40));
    if (trouble === 'fails') throw new Error('the engine failed to look');
    return stale === undefined ? read() : stale.seen;
  }

  order(power: Power, node: string, graceMs: number): Promise<void> {
    return this.carryOut(`${power} ${node}`, graceMs, () => this.#world.use(power, node, 'ours'));
  }

  /** An order to do anything to the world, which may take as long as its grace. */
  async carryOut(name: string, graceMs: number, act: () => void): Promise<void> {
    const dice = this.#dice;
    await this.#arrive();
    const fate = dice.chance(this.#weather.orders) ? dice.weighted(fates) : 'works';
    if (fate !== 'works') this.#timeline.say('engine', `${name}: ${fate}`);
    const drainMs = graceMs === 0 ? 0 : dice.whole(0, graceMs);
    const delayMs = drainMs + (fate === 'late_effect' ? dice.whole(0, latestEffectMs) : dice.whole(1, 150));
    switch (fate) {
      case 'works':
        return this.#later(act, delayMs);
      case 'refused':
        await this.#pass(delayMs);
        throw new Error(`the engine refused to ${name}`);
      case 'refused_yet_done':
        void this.#later(act, drainMs + dice.whole(0, latestEffectMs)).catch(() => {});
        await this.#pass(dice.whole(1, latestEffectMs));
        throw new Error(`the engine said that it did not ${name}`);
      case 'does_nothing':
        return this.#pass(delayMs);
      case 'hangs':
        return new Promise(() => {});
      case 'hangs_yet_done':
        void this.#later(act, drainMs + dice.whole(0, latestEffectMs)).catch(() => {});
        return new Promise(() => {});
      case 'held':
        this.#standStillSoon();
        void this.#later(act, drainMs + dice.whole(0, latestEffectMs)).catch(() => {});
        await this.#pass(dice.whole(1, 50));
        throw new Error(`the engine lost count of its order to ${name}`);
      case 'late_effect':
        void this.#later(act, delayMs).catch(() => {});
        return this.#pass(dice.whole(1, 50));
      case 'late_answer':
        await this.#later(act, delayMs);
        return this.#pass(dice.whole(500, 40_000));
    }
  }

  async #later(act: () => void, delayMs: number): Promise<void> {
    await this.#pass(delayMs);
    act();
  }

  /** The engine's own time: it stands still while the engine does. */
  async #pass(durationMs: number): Promise<void> {
    await sleep(this.#clock, durationMs);
    for (let outage = this.#outage(); outage?.kind === 'silent'; outage = this.#outage()) {
      await this.#clock.sleepUntil(outage.toMs);
      await sleep(this.#clock, this.#dice.whole(1, 300));
    }
  }

  async #arrive(): Promise<void> {
    if (this.#outage()?.kind === 'refuses') {
      await sleep(this.#clock, this.#dice.whole(1, 20));
      throw new Error('the engine is not there');
    }
    await this.#pass(0);
  }

  #standStillSoon(): void {
    const fromMs = this.#clock.now() + this.#dice.whole(0, latestEffectMs);
    const outage: Outage = { fromMs, toMs: fromMs + this.#dice.whole(2_500, 20_000), kind: 'silent' };
    this.#weather = { ...this.#weather, outages: [...this.#weather.outages, outage] };
  }

  #outage(): Outage | undefined {
    const nowMs = this.#clock.now();
    return this.#weather.outages.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
  }
}
