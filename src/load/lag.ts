import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { ScheduleLag } from '../model/manifest.ts';

/** How late the generator itself was (due → sent). Constant memory, whatever the run's length. */
export class LagMeter {
  // Whole microseconds, shifted by one because the histogram starts at 1.
  readonly #histogram: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: 3_600_000_000,
    figures: 3,
  });

  add(lagMs: number): void {
    this.#histogram.record(Math.min(Math.max(Math.round(lagMs * 1000), 0) + 1, 3_600_000_000));
  }

  /** Null where nothing was sent. */
  get summary(): ScheduleLag | null {
    if (this.#histogram.count === 0) return null;
    const ms = (micros: number) => Math.max(micros - 1, 0) / 1000;
    return {
      p50_ms: ms(this.#histogram.percentile(50)),
      p99_ms: ms(this.#histogram.percentile(99)),
      max_ms: ms(this.#histogram.max),
    };
  }
}
