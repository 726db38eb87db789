/** Conditions that end a run early, such as `error_rate > 90% for 10s`. */

const metrics = [
  'error_rate',
  'throughput_rps',
  'goodput_rps',
  'p50_latency_ms',
  'p95_latency_ms',
  'p99_latency_ms',
] as const;

export type StopMetric = (typeof metrics)[number];

const comparisons = ['<', '<=', '>', '>='] as const;

export interface StopCondition {
  /** As it was written. */
  readonly text: string;
  readonly metric: StopMetric;
  readonly comparison: (typeof comparisons)[number];
  /** A share from 0 to 1 for `error_rate`; milliseconds or requests per second for the others. */
  readonly limit: number;
  /** How many seconds on end it must hold. */
  readonly forSec: number;
}

const form = /^(\w+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(%|ms|s|rps)?\s+for\s+(\d+(?:\.\d+)?)\s*(s|m)$/;
const example = 'for example `error_rate > 90% for 10s` or `p95_latency_ms > 2000 for 5s`';

/** The condition, or what is wrong with it, as a clause. */
export function parseStopCondition(text: string): StopCondition | string {
  const parts = form.exec(text.trim());
  const [, name = '', sign, value = '', unit = '', duration = '', scale = ''] = parts ?? [];
  const metric = metrics.find((one) => one === name);
  const comparison = comparisons.find((one) => one === sign);
  if (comparison === undefined) return `must be METRIC < or > VALUE for DURATION, ${example}`;
  if (metric === undefined) return `there is no metric \`${name}\`; there are ${metrics.join(', ')}`;
  const allowed = unitsOf(metric);
  if (!(unit in allowed)) {
    const units = Object.keys(allowed).filter((one) => one !== '');
    return `${metric} is given in ${units.join(' or ')}, not \`${unit}\``;
  }
  const limit = Number(value) * (allowed[unit] ?? 1);
  if (metric === 'error_rate' && limit > 1) return 'error_rate is a share: 90% or 0.9';
  const forSec = Number(duration) * (scale === 'm' ? 60 : 1);
  if (forSec < 1) return 'it must hold for at least one second';
  return { text: text.trim(), metric, comparison, limit, forSec };
}

/** The units of a metric, each with the factor that it stands for. */
function unitsOf(metric: StopMetric): Readonly<Record<string, number>> {
  if (metric === 'error_rate') return { '': 1, '%': 0.01 };
  if (metric.endsWith('_ms')) return { '': 1, ms: 1, s: 1000 };
  return { '': 1, rps: 1 };
}
