import { type Clock, sleep } from '../../clock/clock.ts';
import { OrchError } from '../../model/errors.ts';
import type { RunEvent } from '../../model/event.ts';
import type { EventSink } from '../../run/journal.ts';
import type { Dice } from './dice.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';

export interface DiskWeather {
  /** How often a write is late, from 0 to 1. */
  readonly late: number;
  readonly full: readonly { readonly fromMs: number; readonly toMs: number }[];
}

export interface DiskWriter {
  readonly life: Life;
  /** Told of every fault's state before it is written. */
  readonly onWrite: (event: RunEvent) => void;
  /** Told of every event once it was written, or could not be. */
  readonly onDone: (event: RunEvent, isWritten: boolean) => void;
  /** The process is killed while it writes this event: counted from 1, `Infinity` for never. */
  readonly fatalWrite: number;
}

/** Where journals are written. It may be slow or full; a write that failed may have come through all the same. */
export class Disk {
  readonly events: RunEvent[] = [];
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #timeline: Timeline;
  #weather: DiskWeather;

  constructor(clock: Clock, dice: Dice, timeline: Timeline, weather: DiskWeather) {
    this.#clock = clock;
    this.#dice = dice;
    this.#timeline = timeline;
    this.#weather = weather;
  }

  heal(): void {
    this.#weather = { late: 0, full: [] };
  }

  /** The events file as one process has it open: its writes come one after the other, as it made them. */
  open({ life, onWrite, onDone, fatalWrite }: DiskWriter): EventSink {
    let last: Promise<void> = Promise.resolve();
    let writes = 0;
    return {
      append: (event) =>
        life.hear(() => {
          onWrite(event);
          const written = last.then(async () => {
            writes += 1;
            if (writes === fatalWrite) this.#dieWriting(event, life);
            else await this.#write(event, life);
          });
          last = written.then(
            () => onDone(event, true),
            () => onDone(event, false),
          );
          return written;
        }),
    };
  }

  async #write(event: RunEvent, life: Life): Promise<void> {
    const dice = this.#dice;
    await sleep(this.#clock, dice.chance(this.#weather.late) ? dice.whole(10, 3_000) : dice.whole(0, 2));
    if (!life.isAlive) return;
    const nowMs = this.#clock.now();
    const isFull = this.#weather.full.some(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
    if (!isFull || dice.chance(0.2)) this.#keep(event, life);
    if (isFull) throw new OrchError('disk-full', 'the disk is full');
  }

  #dieWriting(event: RunEvent, life: Life): void {
    if (this.#dice.chance(0.5)) this.#keep(event, life);
    this.#timeline.say(life.name, 'killed while it writes');
    life.die();
  }

  #keep(event: RunEvent, { name }: Life): void {
    this.events.push(event);
    const what =
      event.type === 'fault' ? `${event.id} ${event.kind} ${event.node} ${event.state}` : event.type;
    const detail = 'detail' in event ? ` (${event.detail})` : '';
    this.#timeline.say(name, `wrote ${what}${detail}`);
  }
}
