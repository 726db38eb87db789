import type { Analysis } from '../model/analysis.ts';
import type { FaultCost, FineWindow, Recovery } from '../model/recovery.ts';
import { ms, percent, rps, seconds } from './numbers.ts';
import { table } from './table.ts';

/** A run that flaps for hours has more windows than anyone reads; all of them stand in the file. */
const mostWindows = 20;

/** The windows that were found in single requests. */
export function fineWindowTable({ windows }: Analysis): string {
  if (windows.length === 0) return '';
  const shown = windows.slice(0, mostWindows);
  const rows = shown.map((window) => [
    `${seconds(window.start_sec)} – ${window.ended ? seconds(window.end_sec) : 'the end'}`,
    window.cause.replaceAll('_', ' '),
    `${metricText(window, window.magnitude)} (${metricText(window, window.baseline)})`,
    window.nodes.join(', '),
    faultsText(window),
  ]);
  const more = windows.length - shown.length;
  const rest = more === 0 ? '' : `\n  … and ${more} more`;
  return `${table(['from – to', 'cause', 'was (baseline)', 'nodes', 'faults'], rows, false)}${rest}`;
}

/** The ids of a window's faults. */
export function faultsText({ faults }: { readonly faults: readonly string[] }): string {
  return faults.length === 0 ? 'unattributed' : faults.join(', ');
}

const metricNames: Readonly<Record<FineWindow['metric'], string>> = {
  throughput_rps: 'rps',
  error_rate: 'errors',
  p50_latency_ms: 'p50',
  p95_latency_ms: 'p95',
};

function metricText({ metric }: FineWindow, value: number | null): string {
  if (value === null) return '–';
  const name = metricNames[metric];
  if (metric === 'throughput_rps') return `${rps(value)} ${name}`;
  return metric === 'error_rate' ? `${percent(value)} ${name}` : `${name} ${ms(value)}`;
}

/** A row for each fault, of the requests of its nodes, and one of all requests where these were disturbed, too. */
export function recoveryTable({ recoveries }: Analysis): string {
  if (recoveries.length === 0) return '';
  const rows = recoveries.flatMap((recovery) => {
    const { fault, nodes, judged_by, all_requests: all } = recovery;
    const own = row(fault, judged_by === 'all' ? 'all' : nodes.join(', '), recovery);
    return judged_by === 'nodes' && all.disturbed ? [own, row('', 'all', all)] : [own];
  });
  return table(
    [
      'fault',
      'requests of',
      'noticed after',
      'without success',
      'recovered after',
      'after its undo',
      'give or take',
    ],
    rows,
    false,
  );
}

function row(fault: string, whose: string, recovery: Recovery): string[] {
  if (!recovery.disturbed) return [fault, whose, 'not at all', '–', '–', '–', '–'];
  const { recovered, observed_for_sec: observedSec } = recovery;
  return [
    fault,
    whose,
    seconds(recovery.time_to_detect_sec),
    recovery.outage_sec === null ? 'to the end' : seconds(recovery.outage_sec),
    recovered ? seconds(recovery.time_to_recover_sec) : `not within ${seconds(observedSec)}`,
    recovered ? seconds(recovery.time_to_recover_after_undo_sec) : '–',
    seconds(recovery.uncertainty_sec),
  ];
}

/** What each fault cost, a line for each that cost anything. */
export function costSentences(analysis: Analysis): string {
  const lines = analysis.costs
    .filter(({ failed_above_baseline: failed, slow_above_baseline: slow }) => failed >= 0.5 || slow >= 0.5)
    .map((cost) => `  ${costSentence(cost, analysis)}`);
  return lines.join('\n');
}

function costSentence(cost: FaultCost, { availability, slo_pct: slo }: Analysis): string {
  const failed = Math.round(cost.failed_above_baseline);
  const slow = Math.round(cost.slow_above_baseline);
  const budget =
    cost.error_budget_pct === null
      ? ''
      : `; ${percent(cost.error_budget_pct / 100)} of a month's error budget at ${slo}%`;
  const shared =
    cost.shared_with.length === 0 ? '' : `; ${cost.shared_with.join(', ')} may have had a part in that`;
  return (
    `${cost.fault} cost ${failed} failed and ${slow} slow ${slow === 1 ? 'request' : 'requests'} more than the baseline has: ` +
    `${percent(cost.availability)} of ${cost.nodes === null ? 'requests' : `the requests of ${cost.nodes.join(', ')}`} succeeded in its ${seconds(cost.end_sec - cost.start_sec)}, ` +
    `${percent(availability)} in the run${budget}${shared}`
  );
}
