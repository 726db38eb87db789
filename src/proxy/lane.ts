import type { Socket } from 'node:net';
import { systemClock } from '../clock/system.ts';
import type { Direction, Effect } from './toxic.ts';

/** What travels: bytes, the end of the direction (FIN), or the end of the connection by force (RST). */
export type Parcel = Buffer | 'end' | 'reset';

/** What is done with a parcel at the lane’s end. False: no more, until `ready`. */
export type Deliver = (parcel: Parcel) => boolean;

interface Held {
  readonly parcel: Parcel;
  readonly arrivedMs: number;
  readonly delays: { readonly effect: Effect; readonly ms: number }[];
  /** Its turn on the lines of the effects is among the delays. */
  hasTurn: boolean;
}

/** What a direction holds at most before it reads no further. It bounds what one connection carries under a latency. */
const highWaterBytes = 1_048_576;
/** Timers count whole milliseconds: what is due within half of one goes at once, so that none is late on the average. */
const slackMs = 0.5;
const longestTimerMs = 2 ** 31 - 1;

/**
 * One direction of a connection, first in first out. Where no effect is in force it hands on what it is given at once;
 * else it holds each parcel for what the effects that are still in force then have laid upon it.
 */
export class Lane {
  readonly #direction: Direction;
  readonly #source: Socket;
  readonly #effects: readonly Effect[];
  readonly #deliver: Deliver;
  readonly #queue: Held[] = [];
  #queuedBytes = 0;
  #isReady: boolean;
  #isPaused = false;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param source Read from no further while the lane is full.
   * @param effects Those in force on the connection; whoever changes them calls `flush`.
   * @param isReady Whether parcels may be delivered before `ready` was called.
   */
  constructor(
    direction: Direction,
    source: Socket,
    effects: readonly Effect[],
    deliver: Deliver,
    isReady: boolean,
  ) {
    this.#direction = direction;
    this.#source = source;
    this.#effects = effects;
    this.#deliver = deliver;
    this.#isReady = isReady;
  }

  put(parcel: Parcel): void {
    if (this.#isReady && this.#queue.length === 0 && this.#effects.length === 0) {
      this.#isReady = this.#deliver(parcel);
      this.#steer();
    } else {
      this.#hold(parcel);
      this.flush();
    }
  }

  /** Parcels are taken (again). */
  ready(): void {
    this.#isReady = true;
    this.flush();
  }

  /** Delivers what is due, and sets a timer for what is due next. */
  flush(): void {
    clearTimeout(this.#timer);
    while (this.#isReady && !this.#isSilent()) {
      const first = this.#queue[0];
      if (first === undefined) break;
      const waitMs = this.#waitMs(first);
      if (waitMs > slackMs) {
        this.#timer = setTimeout(() => this.flush(), Math.min(Math.round(waitMs), longestTimerMs));
        break;
      }
      this.#queue.shift();
      this.#queuedBytes -= bytesOf(first.parcel);
      this.#isReady = this.#deliver(first.parcel);
    }
    this.#steer();
  }

  /** Delivers nothing any more. */
  close(): void {
    this.#isReady = false;
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #hold(parcel: Parcel): void {
    const arrivedMs = systemClock.now();
    for (const piece of this.#piecesOf(parcel)) {
      const delays = this.#effects
        .map((effect) => ({ effect, ms: this.#delayMs(effect, piece) }))
        .filter(({ ms }) => ms > 0);
      this.#queue.push({ parcel: piece, arrivedMs, delays, hasTurn: false });
      this.#queuedBytes += bytesOf(piece);
    }
  }

  #piecesOf(parcel: Parcel): readonly Parcel[] {
    if (typeof parcel === 'string') return [parcel];
    const size = Math.min(
      parcel.length,
      ...this.#effects.map((effect) => effect.segmentBytes ?? parcel.length),
    );
    const pieces: Buffer[] = [];
    for (let from = 0; from < parcel.length; from += size) pieces.push(parcel.subarray(from, from + size));
    return pieces;
  }

  #delayMs(effect: Effect, parcel: Parcel): number {
    if (parcel === 'reset') return 0;
    if (parcel === 'end') return effect.closeDelayMs ?? 0;
    return effect.delayMs?.(this.#direction, parcel.length) ?? 0;
  }

  /** How long the first is still to be held. */
  #waitMs(held: Held): number {
    let waitMs = held.arrivedMs - systemClock.now();
    for (const { effect, ms } of held.delays) if (this.#effects.includes(effect)) waitMs += ms;
    if (waitMs > slackMs || held.hasTurn) return waitMs;
    held.hasTurn = true;
    for (const effect of this.#effects) {
      const turnMs = effect.turnMs?.(this.#direction, bytesOf(held.parcel)) ?? 0;
      if (turnMs <= waitMs) continue;
      held.delays.push({ effect, ms: turnMs - waitMs });
      waitMs = turnMs;
    }
    return waitMs;
  }

  #isSilent(): boolean {
    return this.#effects.some((effect) => effect.silent?.includes(this.#direction) ?? false);
  }

  /** Reads on, or no further, as there is room. */
  #steer(): void {
    const isFull = this.#queuedBytes > highWaterBytes;
    if (isFull === this.#isPaused) return;
    this.#isPaused = isFull;
    if (isFull) this.#source.pause();
    else this.#source.resume();
  }
}

function bytesOf(parcel: Parcel): number {
  return typeof parcel === 'string' ? 0 : parcel.length;
}
