import { VirtualClock } from '../../clock/virtual.ts';
import { sleep } from '../../clock/clock.ts';
import type { Driver } from '../../control/driver.ts';
import type { EventSink } from '../../run/journal.ts';
import { drawCircumstances, type Circumstances, type Doom } from './circumstances.ts';
import { client } from './client.ts';
import { Dice } from './dice.ts';
import { Disk } from './disk.ts';
import { Engine } from './engine.ts';
import { Life } from './life.ts';
import { Timeline } from './timeline.ts';
import { Witness } from './witness.ts';
import { World } from './world.ts';

/** What a process has to do with the world. */
export interface Actor {
  readonly life: Life;
  readonly driver: Driver;
  readonly serves: (node: string) => Promise<boolean>;
  readonly sink: EventSink;
}

/** The world of one seed, and the processes that come and go in it. */
export class Stage {
  readonly clock = new VirtualClock();
  readonly timeline = new Timeline(this.clock);
  readonly circumstances: Circumstances;
  readonly world: World;
  readonly engine: Engine;
  readonly disk: Disk;
  readonly witness: Witness;
  readonly #dice: Dice;

  constructor(dice: Dice, planMs: number) {
    this.circumstances = drawCircumstances(dice.fork(), planMs);
    this.#dice = dice.fork();
    const { clock, timeline } = this;
    const { engine, disk, tempers } = this.circumstances;
    this.world = new World(clock, timeline, tempers);
    this.engine = new Engine(clock, this.world, dice.fork(), timeline, engine);
    this.disk = new Disk(clock, dice.fork(), timeline, disk);
    this.witness = new Witness(this.disk, timeline);
  }

  /** Begins a process, which is killed as its doom says. */
  enter(name: string, { atMs, fatalWrite }: Doom): Actor {
    const { timeline, engine, witness } = this;
    const life = new Life(name);
    if (atMs !== null) void this.#kill(life, atMs);
    return {
      life,
      driver: client({ life, engine, world: this.world, timeline, onOrder: (asked) => witness.order(asked) }),
      serves: (node) => life.hear(() => this.#probe(node)),
      sink: this.disk.open({
        life,
        onWrite: witness.writer(),
        onDone: (event, isWritten) => witness.written(event, isWritten),
        fatalWrite: fatalWrite ?? Number.POSITIVE_INFINITY,
      }),
    };
  }

  /** From here on everything works, and nobody interferes. */
  heal(): void {
    this.engine.heal();
    this.disk.heal();
    this.world.heal();
    this.timeline.say('world', 'everything works from here on');
  }

  async #probe(node: string): Promise<boolean> {
    await sleep(this.clock, this.#dice.chance(0.05) ? this.#dice.whole(50, 1_000) : this.#dice.whole(1, 30));
    return this.world.serves(node);
  }

  async #kill(life: Life, afterMs: number): Promise<void> {
    await sleep(this.clock, afterMs);
    if (life.isAlive) this.timeline.say(life.name, 'killed');
    life.die();
  }
}
