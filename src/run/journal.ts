import type { Clock } from '../clock/clock.ts';
import type { RunEvent, Unstamped } from '../model/event.ts';

/** Where events go: the run's events.jsonl, and whoever watches. */
export interface EventSink {
  append(event: RunEvent, durable: boolean): Promise<void>;
}

export interface JournalOptions {
  readonly clock: Clock;
  /** The run's zero on the monotonic clock. */
  readonly startMs: number;
  readonly sink: EventSink;
  /** How long a fault may outlast its planned end, in milliseconds. */
  readonly overtimeMs: number;
  /** Called with each event after it was written. */
  readonly onEvent: (event: RunEvent) => void;
}

/** Puts both clocks on what happens and writes it down. Faults and the run's end are on the disk before it goes on. */
export class Journal {
  readonly #options: JournalOptions;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Unix seconds by which a fault that is to be undone at `undoByMs` of the run is undone at the latest. */
  deadlineSec(undoByMs: number): number {
    const { clock, startMs, overtimeMs } = this.#options;
    const leftMs = Math.max(undoByMs - (clock.now() - startMs), 0);
    return round((clock.wall() + leftMs + overtimeMs) / 1000, 3);
  }

  async write(event: Unstamped): Promise<void> {
    const { clock, startMs, sink, onEvent } = this.#options;
    const stamped: RunEvent = {
      ...event,
      run_ms: round(clock.now() - startMs, 3),
      wall_sec: round(clock.wall() / 1000, 6),
    };
    await sink.append(stamped, event.type === 'fault' || event.type === 'run_ended');
    onEvent(stamped);
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
