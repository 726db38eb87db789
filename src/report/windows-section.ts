import type { AnomalyWindow } from '../model/analysis.ts';
import type { FineWindow } from '../model/recovery.ts';
import type { ReportFacts } from './facts.ts';
import { listed, ms, moment, percent, plural, rps, seconds } from './figures.ts';
import { html } from './markup.ts';
import { badge, note, type Section } from './section.ts';
import { type Column, table } from './table.ts';

/** When the run was not as its baseline. */
export function windowsSection({ analysis }: ReportFacts): Section | null {
  if (analysis === null) return null;
  const {
    anomaly_windows: windows,
    windows: fine,
    thresholds,
    recovery_time_sec,
    recovery_reason,
  } = analysis;
  const span =
    recovery_time_sec === null
      ? ''
      : ` ${seconds(recovery_time_sec)} lay between the first and the last anomalous second.`;
  const reason = recovery_reason === null ? '' : ` ${sentence(recovery_reason)}`;
  return {
    id: 'anomalies',
    title: 'Anomalies',
    menu: 'Anomalies',
    body: [
      html`<p>${windows.length === 0 ? 'No second was anomalous.' : `${plural(windows.length, 'stretch of seconds was', 'stretches of seconds were')} anomalous.`}${span}${reason}</p>`,
      windows.length > 0 && table('Anomalous seconds', columns, windows, unattributed),
      fine.length > 0 && table('Windows, to the request', fineColumns, fine, unattributed),
      note(
        `A second is anomalous below ${rps(thresholds.throughput_floor_rps)} or above ${percent(thresholds.error_rate_threshold)} errors; the first ${seconds(thresholds.warmup_ignore_sec)} do not count. The other windows are found in single requests, and also where latency shifts.`,
      ),
    ],
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

type WithFaults = Pick<AnomalyWindow, 'faults'>;

function unattributed({ faults }: WithFaults): string {
  return faults.length === 0 ? 'inconclusive' : '';
}

const faultsColumn: Column<WithFaults> = {
  head: 'faults',
  cell: ({ faults }) => (faults.length === 0 ? badge('inconclusive', 'unattributed') : listed(faults)),
};

const columns: readonly Column<AnomalyWindow>[] = [
  {
    head: 'seconds',
    cell: ({ start_sec, end_sec }) => (start_sec === end_sec ? `${start_sec}` : `${start_sec}–${end_sec}`),
    isNumber: true,
  },
  { head: 'cause', cell: ({ causes }) => listed(causes.map(words)) },
  { head: 'lowest throughput', cell: ({ min_throughput_rps }) => rps(min_throughput_rps), isNumber: true },
  { head: 'highest error rate', cell: ({ max_error_rate }) => percent(max_error_rate), isNumber: true },
  faultsColumn,
];

const metrics: Readonly<Record<FineWindow['metric'], readonly [string, (value: number | null) => string]>> = {
  throughput_rps: ['throughput', rps],
  error_rate: ['error rate', percent],
  p50_latency_ms: ['p50', ms],
  p95_latency_ms: ['p95', ms],
};

const fineColumns: readonly Column<FineWindow>[] = [
  {
    head: 'from – to',
    cell: ({ start_sec, end_sec, ended }) => `${moment(start_sec)} – ${ended ? moment(end_sec) : 'the end'}`,
    isNumber: true,
  },
  { head: 'give or take', cell: ({ uncertainty_sec }) => `± ${seconds(uncertainty_sec)}`, isNumber: true },
  { head: 'cause', cell: ({ cause }) => words(cause) },
  { head: 'metric', cell: ({ metric }) => metrics[metric][0] },
  { head: 'in the window', cell: ({ metric, magnitude }) => metrics[metric][1](magnitude), isNumber: true },
  { head: 'in the baseline', cell: ({ metric, baseline }) => metrics[metric][1](baseline), isNumber: true },
  { head: 'nodes', cell: ({ nodes }) => nodes.join(', '), isProse: true },
  faultsColumn,
];

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
