import type { Scope } from '../analyze/requests-in.ts';
import type { RunReport } from '../analyze/analyze.ts';
import { suggestion } from '../config/explain.ts';
import { compare } from '../model/comparison.ts';
import type { Gate } from '../model/gate.ts';
import {
  betterOf,
  metricText,
  type RequestFigure,
  type RequestMetric,
  unitOf,
} from '../model/gate-metric.ts';
import { highestPercentOf, isSurelyBeyond, neededForQuantile, neededForShare } from './enough.ts';
import { baselineScopeOf, type Evidence, type Part } from './evidence.ts';
import { measured, type Reading, withoutBaseline } from './reading.ts';
import { shown } from './shown.ts';

type Quantile = Extract<RequestMetric, { of: 'quantile' }>;

/** A figure of the run's requests. */
export function requestReading(gate: Gate, metric: RequestMetric, { report, partOf }: Evidence): Reading {
  const stranger = strangerIn(report, gate);
  if (stranger !== null) return { unknown: stranger };
  const part = partOf('run', gate);
  return metric.of === 'quantile' ? quantileReading(part, metric, gate) : shareReading(part, metric, gate);
}

/** Too few requests keep a share from passing, but not from failing where it is beyond its limit for certain. */
function shareReading(part: Part, metric: RequestMetric, gate: Gate): Reading {
  const found = figureOf(part, metric);
  if ('unknown' in found || unitOf(metric) !== 'share') return found;
  const { due } = part.counts;
  const needed = neededForShare(gate.limit);
  if (due >= needed) return found;
  if (isSurelyBeyond(found.value, due, gate))
    return measured(found.value, `of ${counted(due)}: too few for it to pass, and enough to fail`);
  return { unknown: `${counted(due)} cannot show such a share: ${number(needed)} are needed` };
}

/** Too few requests for a percentile show a lower one: where that is not below the limit, the higher one is not either. */
function quantileReading(part: Part, metric: Quantile, { comparison, limit }: Gate): Reading {
  const found = figureOf(part, metric);
  const percent = highestPercentOf(part.sent);
  const isUpper = comparison === '<' || comparison === '<=';
  if (!('unknown' in found) || !isUpper || percent === null || percent > metric.percent) return found;
  const value = part.quantileMs(percent / 100);
  if (value === null || compare(value, comparison, limit)) return found;
  return measured(value, `p(${percent}) of ${counted(part.sent)} is beyond it already`, { isAtLeast: true });
}

/** By how much a figure of the run is worse than in the baseline, in percent of that. */
export function regressionReading(gate: Gate, metric: RequestMetric, evidence: Evidence): Reading {
  if (evidence.analysis === null) return withoutBaseline;
  const stranger = strangerIn(evidence.report, gate);
  if (stranger !== null) return { unknown: stranger };
  const now = figureOf(evidence.partOf('run', gate), metric);
  if ('unknown' in now) return now;
  const before = figureOf(evidence.partOf('baseline', baselineScopeOf(gate)), metric);
  if ('unknown' in before) return { unknown: `in the baseline, ${before.unknown}` };
  const unit = unitOf(metric);
  const of = `${shown(before.value, unit)} in the baseline, ${shown(now.value, unit)} in the run`;
  if (before.value === now.value) return measured(0, of);
  if (before.value === 0)
    return {
      unknown: `${of}: nothing is a percentage of 0; hold ${metricText(metric)} itself against a limit`,
    };
  const growth = ((now.value - before.value) / before.value) * 100;
  return measured(betterOf(metric) === 'lower' ? growth : -growth, of);
}

function figureOf(part: Part, metric: RequestMetric): Reading {
  const { counts, sent, quantileMs } = part;
  if (counts.due === 0) return { unknown: 'no request was due' };
  if (metric.of === 'requests') {
    const value = plainFigure(part, metric.figure);
    return value === null ? { unknown: 'no request was sent' } : measured(value, `of ${counted(counts.due)}`);
  }
  const needed = neededForQuantile(metric.percent);
  const value = quantileMs(metric.percent / 100);
  if (value === null) return { unknown: 'no request was sent' };
  if (sent >= needed) return measured(value, `of ${counted(sent)}`);
  return { unknown: `${counted(sent)} cannot show ${metricText(metric)}: ${number(needed)} are needed` };
}

function plainFigure({ counts, meanMs, maxMs, durationSec }: Part, figure: RequestFigure): number | null {
  const { due, ok, fail, unknown, dropped } = counts;
  switch (figure) {
    case 'error_rate':
      return (fail + unknown + dropped) / due;
    case 'availability':
      return ok / due;
    case 'throughput_rps':
      return (ok + fail) / durationSec;
    case 'goodput_rps':
      return ok / durationSec;
    case 'mean_latency_ms':
      return meanMs;
    case 'max_latency_ms':
      return maxMs;
    case 'dropped':
      return dropped;
    case 'unknown':
      return unknown;
  }
}

/** That the run has no such phase or node; null where it has. */
export function strangerIn({ run_tables: tables, phases }: RunReport, { phase, node }: Scope): string | null {
  const nodes = tables.per_node.map(({ name }) => name);
  const names = [...new Set([...phases, ...tables.per_phase].map(({ name }) => name))];
  if (phase !== null && !names.includes(phase))
    return `the run has no phase \`${phase}\`${suggestion(phase, names)}`;
  if (node !== null && !nodes.includes(node))
    return `no request of the run went to a node \`${node}\`${suggestion(node, nodes)}`;
  return null;
}

function counted(requests: number): string {
  return `${number(requests)} request${requests === 1 ? '' : 's'}`;
}

function number(count: number): string {
  return count.toLocaleString('en-GB');
}
