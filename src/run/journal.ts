import type { Clock } from '../clock/clock.ts';
import type { RunEvent, Unstamped } from '../model/event.ts';
import { within } from './poll.ts';

/** Where events go: the run's events.jsonl, and whoever watches. */
export interface EventSink {
  append(event: RunEvent, durable: boolean): Promise<void>;
}

export interface JournalOptions {
  readonly clock: Clock;
  /** The run's zero on the monotonic clock. */
  readonly startMs: number;
  readonly sink: EventSink;
  /** Called with each event after it was written. */
  readonly onEvent: (event: RunEvent) => void;
}

/** A disk that stands still holds up neither a run nor an undo for longer. */
const limitMs = 10_000;

/** Puts both clocks on what happens and writes it down. Faults and the run's end are on the disk before it goes on. */
export class Journal {
  readonly #options: JournalOptions;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Milliseconds since the run's start. */
  get runMs(): number {
    return this.#options.clock.now() - this.#options.startMs;
  }

  async write(event: Unstamped): Promise<void> {
    const { clock, sink, onEvent } = this.#options;
    const stamped: RunEvent = {
      ...event,
      run_ms: round(this.runMs, 3),
      wall_sec: round(clock.wall() / 1000, 6),
    };
    const written = sink.append(stamped, event.type === 'fault' || event.type === 'run_ended');
    await within(clock, limitMs, written, `the journal could not be written within ${limitMs / 1000} s`);
    onEvent(stamped);
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
