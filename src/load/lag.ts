import type { Histogram } from '../model/histogram.ts';
import type { ScheduleLag } from '../model/manifest.ts';

/** How late the generator itself was (due → sent); null where nothing was sent. */
export function scheduleLag(lag: Histogram): ScheduleLag | null {
  if (lag.count === 0) return null;
  const ms = (share: number) => lag.quantileMs(share) ?? 0;
  return { p50_ms: ms(0.5), p99_ms: ms(0.99), p99_9_ms: ms(0.999), max_ms: lag.maxMs };
}
