import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LoopDelay } from '../model/manifest.ts';

const resolutionMs = 20;

/** How late a thread's event loop came to what it had to do, as a timer sees it that should fire every 20 ms. */
export class LoopDelayMeter {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });

  constructor() {
    this.#histogram.enable();
  }

  get summary(): LoopDelay {
    // The interval itself is part of what is measured.
    const ms = (nanos: number) => Math.max(nanos / 1e6 - resolutionMs, 0);
    const { max } = this.#histogram;
    return {
      p50_ms: ms(this.#histogram.percentile(50)),
      p99_ms: ms(this.#histogram.percentile(99)),
      max_ms: ms(max),
    };
  }

  stop(): void {
    this.#histogram.disable();
  }
}

/** Of several threads the one that was latest at its 99th percentile; null where there is none. */
export function worstDelay(delays: readonly (LoopDelay | null)[]): LoopDelay | null {
  return delays.reduce(
    (worst, one) => (one !== null && one.p99_ms > (worst?.p99_ms ?? -1) ? one : worst),
    null,
  );
}
