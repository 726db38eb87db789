import { type Clock, sleep } from '../clock/clock.ts';
import { shownUrl } from '../config/redact.ts';
import type { RunEvent } from '../model/event.ts';
import type { Progress, RunObserver } from '../run/observer.ts';
import { Otel } from './otel.ts';
import type { RunFacts, RunMetrics } from './run-metrics.ts';
import { RunSpans } from './run-spans.ts';

export interface OtlpOptions {
  /** The collector's base URL, without `/v1/…`. */
  readonly url: string;
  /** Told of the run before this is. */
  readonly metrics: RunMetrics;
  readonly facts: RunFacts;
  readonly version: string;
  readonly clock: Clock;
  /** Told why nothing could be sent, each time that this begins. */
  readonly warn: (text: string) => void;
}

const everyMs = 5_000;
/** For one request to the collector, its repetitions included. */
const timeoutMs = 3_000;
/** A collector that does not answer holds a run's end up no longer than this. */
const lastMs = 4_000;

/** Sends a run to a collector of OpenTelemetry, a few seconds behind. A collector that does not answer disturbs nothing. */
export class Otlp implements RunObserver {
  readonly #options: OtlpOptions;
  readonly #otel: Otel;
  readonly #spans: RunSpans;
  #startMs: number;
  #nextMs = everyMs;
  #sending: Promise<void> | null = null;
  #isFailing = false;

  constructor(options: OtlpOptions) {
    const { url, facts, version, clock } = options;
    this.#options = options;
    const resource = {
      'service.name': 'orch',
      'service.version': version,
      'service.instance.id': facts.runId,
    };
    this.#otel = new Otel({ url, timeoutMs, resource });
    this.#spans = new RunSpans((name, more) => this.#otel.begin(name, more), facts);
    this.#startMs = clock.wall();
  }

  event(event: RunEvent): void {
    if (event.type === 'run_started') this.#startMs = event.wall_sec * 1000;
    this.#spans.event(event);
  }

  progress({ runMs }: Progress): void {
    if (runMs < this.#nextMs || this.#sending !== null) return;
    this.#nextMs = runMs + everyMs;
    void this.#send();
  }

  /** Sends what is left, and waits for it a little while. */
  async close(): Promise<void> {
    const stop = new AbortController();
    const sent = (async () => {
      await this.#sending;
      if (this.#options.metrics.isOver) await this.#send();
      stop.abort();
    })();
    await Promise.race([sent, sleep(this.#options.clock, lastMs, stop.signal)]);
    await this.#otel.close();
  }

  #send(): Promise<void> {
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    const { url, metrics, clock, warn } = this.#options;
    const results = await Promise.all([
      this.#otel.sendSpans(),
      this.#otel.sendMetrics(metrics.metrics, this.#startMs, clock.wall()),
    ]);
    const why = results.find((result) => result !== null);
    if (why !== undefined && !this.#isFailing)
      warn(`nothing reaches the collector at ${shownUrl(url)}: ${why}; the run goes on`);
    this.#isFailing = why !== undefined;
  }
}
