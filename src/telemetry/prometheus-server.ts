import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { Clock } from '../clock/clock.ts';
import { errnoOf, messageOf, OrchError } from '../model/errors.ts';
import { prometheusText, prometheusType } from './prometheus-text.ts';
import type { RunMetrics } from './run-metrics.ts';

const host = '127.0.0.1';

/** Where the time between two scrapes is not known: as Prometheus has it in the configuration that it ships with. */
const usualGapMs = 15_000;
const longestWaitMs = 30_000;

export interface PrometheusOptions {
  /** 0 for one that is free. */
  readonly port: number;
  readonly clock: Clock;
  readonly source: Pick<RunMetrics, 'metrics' | 'isOver'>;
}

/** Serves metrics to whoever scrapes them, on this machine alone. */
export class PrometheusServer {
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #source: PrometheusOptions['source'];
  #scrapedMs: number | null = null;
  #gapMs = usualGapMs;
  #endWasSeen = false;
  #onScrape: () => void = () => {};

  private constructor({ clock, source }: PrometheusOptions) {
    this.#clock = clock;
    this.#source = source;
    this.#server = createServer((request, response) => {
      const isFound = request.url?.split('?')[0] === '/metrics';
      if (isFound && request.method === 'GET') this.#scraped();
      response.writeHead(isFound ? 200 : 404, { 'content-type': isFound ? prometheusType : 'text/plain' });
      response.end(isFound ? prometheusText(source.metrics) : 'The metrics are at /metrics.\n');
    });
  }

  /** @throws OrchError `usage` where the port cannot be had */
  static async open(options: PrometheusOptions): Promise<PrometheusServer> {
    const opened = new PrometheusServer(options);
    try {
      await once(opened.#server.listen(options.port, host), 'listening');
    } catch (error) {
      const why = errnoOf(error) === 'EADDRINUSE' ? 'the port is taken' : messageOf(error);
      throw new OrchError('usage', `--prometheus ${options.port}: ${why}`, {
        hint: 'Give another port, or 0 for one that is free.',
        cause: error,
      });
    }
    return opened;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://${host}:${typeof address === 'object' ? address?.port : ''}/metrics`;
  }

  /**
   * For how long it is worth waiting for one more scrape, so that the last figures of a run are seen too, in milliseconds:
   * 0 where they were, where there are none, or where nobody has come so far.
   */
  get patienceMs(): number {
    if (!this.#source.isOver || this.#endWasSeen || this.#scrapedMs === null) return 0;
    return Math.min(this.#gapMs * 1.2 + 1000, longestWaitMs);
  }

  /** Resolves at the next scrape, when patience is at an end, or as the signal aborts. */
  async lastScrape(signal: AbortSignal): Promise<void> {
    const scraped = new AbortController();
    this.#onScrape = () => scraped.abort();
    await this.#clock.sleepUntil(
      this.#clock.now() + this.patienceMs,
      AbortSignal.any([signal, scraped.signal]),
    );
  }

  /** What is being answered is answered to its end. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    const cut = setTimeout(() => this.#server.closeAllConnections(), 1000);
    await closed;
    clearTimeout(cut);
  }

  #scraped(): void {
    const nowMs = this.#clock.now();
    if (this.#scrapedMs !== null) this.#gapMs = nowMs - this.#scrapedMs;
    this.#scrapedMs = nowMs;
    this.#endWasSeen = this.#source.isOver;
    this.#onScrape();
  }
}
