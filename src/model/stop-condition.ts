import { shownText } from './shown-text.ts';
import { z } from './zod.ts';

/** Conditions on live metrics: those that end a run early, such as `error_rate > 90% for 10s`, and those of checks. */

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

export interface MetricCondition {
  /** As it was written. */
  readonly text: string;
  readonly metric: StopMetric;
  readonly comparison: (typeof comparisons)[number];
  /** A share from 0 to 1 for `error_rate`; milliseconds or requests per second for the others. */
  readonly limit: number;
  /** How many seconds on end it must hold; 1, a single look, where that was not said. */
  readonly forSec: number;
}

/** A condition that says how long it must hold, for a single bad second ends no run. */
export type StopCondition = MetricCondition;

const form = /^(\w+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*(%|ms|s|rps)?(?:\s+for\s+(\d+(?:\.\d+)?)\s*(s|m))?$/;
/** A condition can ask for no more seconds on end: no phase lasts longer. */
export const longestHoldSec = 86_400;

/** The condition, or what is wrong with it, as a clause. */
export function parseStopCondition(text: string): StopCondition | string {
  return parse(text, {
    form: 'METRIC <, <=, > or >= VALUE for DURATION',
    example: 'for example `error_rate > 90% for 10s` or `p95_latency_ms > 2000 for 5s`',
    needsDuration: true,
  });
}

/** The same, where `for` may be left out. */
export function parseMetricCondition(text: string): MetricCondition | string {
  return parse(text, {
    form: 'METRIC <, <=, > or >= VALUE',
    example: 'for example `error_rate < 1%` or `p95_latency_ms < 200 for 5s`',
    needsDuration: false,
  });
}

interface Grammar {
  readonly form: string;
  readonly example: string;
  readonly needsDuration: boolean;
}

function parse(text: string, grammar: Grammar): MetricCondition | string {
  const parts = form.exec(text.trim());
  const [, name = '', sign, value = '', unit = '', duration, scale] = parts ?? [];
  const metric = metrics.find((one) => one === name);
  const comparison = comparisons.find((one) => one === sign);
  const [, badDuration] = / for\s+(.*)$/.exec(text.trim()) ?? [];
  if (parts === null && badDuration !== undefined && !/^\d+(?:\.\d+)?\s*[sm]$/.test(badDuration))
    return `\`for\` takes seconds or minutes, such as \`for 5s\` or \`for 2m\`, not \`${shownText(badDuration)}\``;
  if (comparison === undefined || (grammar.needsDuration && duration === undefined))
    return `must be ${grammar.form}, ${grammar.example}`;
  if (metric === undefined)
    return `there is no metric \`${shownText(name)}\`; there are ${metrics.join(', ')}`;
  const allowed = unitsOf(metric);
  if (!(unit in allowed)) {
    const units = Object.keys(allowed).filter((one) => one !== '');
    return `${metric} is given in ${units.join(' or ')}, not \`${unit}\``;
  }
  const limit = Number(value) * (allowed[unit] ?? 1);
  if (metric === 'error_rate' && limit > 1) return 'error_rate is a share: 90% or 0.9';
  const forSec = Number(duration ?? 1) * (scale === 'm' ? 60 : 1);
  if (forSec < 1) return 'it must hold for at least one second: metrics are looked at once a second';
  if (forSec > longestHoldSec) return 'it must not have to hold for longer than a day';
  return { text: text.trim(), metric, comparison, limit, forSec };
}

/** A condition as it is written in a file. */
export const stopConditionSchema = z
  .string()
  .superRefine(parsesWith(parseStopCondition))
  .describe('Such as `error_rate > 90% for 10s`.');
export const metricSchema = z
  .string()
  .superRefine(parsesWith(parseMetricCondition))
  .describe('Such as `error_rate < 1%` or `p95_latency_ms < 200 for 5s`.');

/** That a text parses; else what is wrong with it is told at its place. */
export function parsesWith(parser: (text: string) => object | string) {
  return (text: string, context: z.RefinementCtx): void => {
    const parsed = parser(text);
    if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
  };
}

/** The units of a metric, each with the factor that it stands for. */
function unitsOf(metric: StopMetric): Readonly<Record<string, number>> {
  if (metric === 'error_rate') return { '': 1, '%': 0.01 };
  if (metric.endsWith('_ms')) return { '': 1, ms: 1, s: 1000 };
  return { '': 1, rps: 1 };
}
