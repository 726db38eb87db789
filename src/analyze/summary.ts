import type { GroupSummary, Summary } from '../model/analysis.ts';
import type { Figures } from './figures.ts';

export function summaryOf({ counts, latency }: Figures, durationSec: number): Summary {
  const { due, ok, fail, unknown, dropped } = counts;
  return {
    due,
    ok,
    fail,
    unknown,
    dropped,
    duration_sec: durationSec,
    throughput_rps: (ok + fail) / durationSec,
    goodput_rps: ok / durationSec,
    error_rate: due === 0 ? 0 : (fail + unknown + dropped) / due,
    p50_latency_ms: latency?.p50Ms ?? null,
    p95_latency_ms: latency?.p95Ms ?? null,
    p99_latency_ms: latency?.p99Ms ?? null,
    max_latency_ms: latency?.maxMs ?? null,
    mean_latency_ms: latency?.meanMs ?? null,
  };
}

export function groupSummaryOf(name: string, figures: Figures, durationSec: number): GroupSummary {
  return { name, ...summaryOf(figures, durationSec) };
}
