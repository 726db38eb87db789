import type { Analysis, FaultSpan } from '../model/analysis.ts';
import type { FaultCost, FaultRecovery, Recovery } from '../model/recovery.ts';
import type { ReportFacts } from './facts.ts';
import { count, decimal, moment, percent, seconds } from './figures.ts';
import { html, type Markup } from './markup.ts';
import { note, type Section } from './section.ts';
import { type Column, table } from './table.ts';

/** What was done to the nodes, how they came through it, and what that cost. */
export function faultsSection({ run, analysis }: ReportFacts): Section {
  const { faults } = run;
  return {
    id: 'faults',
    title: 'Faults and recovery',
    menu: 'Faults',
    body:
      faults.length === 0
        ? html`<p>No fault was injected.</p>`
        : [
            table('Faults, in seconds since the run’s first request', faultColumns, faults, oddOf),
            analysis === null
              ? note('How long each took to recover from, and what it cost, takes a baseline.')
              : [recoveryTable(analysis), costTable(analysis)],
          ],
  };
}

const faultColumns: readonly Column<FaultSpan>[] = [
  { head: 'fault', cell: ({ id }) => id },
  { head: 'node', cell: ({ node }) => node },
  { head: 'was', cell: ({ effect, means }) => [effect, means !== null && html` <small>by ${means}</small>`] },
  { head: 'phase', cell: ({ phase }) => phase },
  { head: 'requested', cell: ({ requested_sec }) => moment(requested_sec), isNumber: true },
  {
    head: 'effective',
    cell: ({ effective_sec: sec }) => (sec === null ? html`<strong>no effect</strong>` : moment(sec)),
    isNumber: true,
  },
  {
    head: 'undone',
    cell: ({ undo_failed, undone_sec }) =>
      undo_failed ? html`<strong>undo failed</strong>` : moment(undone_sec),
    isNumber: true,
  },
  { head: 'serving again', cell: ({ verified_sec }) => moment(verified_sec), isNumber: true },
];

function oddOf({ effective_sec, undo_failed }: FaultSpan): string {
  if (undo_failed) return 'failed';
  return effective_sec === null ? 'inconclusive' : '';
}

interface Row {
  readonly fault: string;
  readonly whose: string;
  readonly recovery: Recovery;
}

function recoveryTable({ recoveries }: Analysis): Markup {
  if (recoveries.length === 0) return note('Of no fault there were requests enough to judge a recovery by.');
  const rows = recoveries.flatMap(rowsOf);
  return html`${table('Recovery from each fault', recoveryColumns, rows)}
    ${note('Times count from when the fault was seen to be effective, but for those after its undo. “Without success” is the longest time in which no request succeeded. Recovered means that requests were, and stayed, as in the baseline.')}`;
}

function rowsOf({ fault, nodes, judged_by, all_requests, ...own }: FaultRecovery): readonly Row[] {
  const ofNodes = { fault, whose: judged_by === 'all' ? 'all' : nodes.join(', '), recovery: own };
  return judged_by === 'nodes' && all_requests.disturbed
    ? [ofNodes, { fault, whose: 'all', recovery: all_requests }]
    : [ofNodes];
}

/** A figure of what was disturbed; nothing else has one. */
function disturbed(head: string, show: (recovery: Recovery) => string | Markup): Column<Row> {
  return { head, cell: ({ recovery }) => (recovery.disturbed ? show(recovery) : '–'), isNumber: true };
}

const recoveryColumns: readonly Column<Row>[] = [
  { head: 'fault', cell: ({ fault }) => fault },
  { head: 'requests of', cell: ({ whose }) => whose, isProse: true },
  {
    head: 'first sign',
    cell: ({ recovery }) => (recovery.disturbed ? seconds(recovery.time_to_detect_sec) : 'not at all'),
    isNumber: true,
  },
  disturbed('without success', ({ outage_sec: sec }) => (sec === null ? 'to the end' : seconds(sec))),
  disturbed('first success', ({ time_to_first_success_sec: sec }) => seconds(sec)),
  disturbed('recovered', (recovery) =>
    recovery.recovered
      ? seconds(recovery.time_to_recover_sec)
      : html`<strong>not within ${seconds(recovery.observed_for_sec)}</strong>`,
  ),
  disturbed('after its undo', ({ time_to_recover_after_undo_sec: sec }) => seconds(sec)),
  disturbed('give or take', ({ uncertainty_sec: sec }) => (sec === null ? '–' : `± ${seconds(sec)}`)),
];

function costTable({ costs, slo_pct: slo }: Analysis): Markup | null {
  if (costs.length === 0) return null;
  const budget: readonly Column<FaultCost>[] =
    slo === null
      ? []
      : [
          {
            head: `of a month’s error budget at ${slo}%`,
            cell: ({ error_budget_pct: share }) => (share === null ? '–' : percent(share / 100)),
            isNumber: true,
          },
        ];
  return html`${table('What each fault cost', [...costColumns, ...budget], costs)}
    ${slo === null && note('With `slo: 99.9` in the config, costs are also told as a share of a month’s error budget.')}`;
}

const costColumns: readonly Column<FaultCost>[] = [
  {
    head: 'fault',
    cell: ({ fault, shared_with: others }) =>
      others.length === 0 ? fault : `${fault}, perhaps ${others.join(', ')}`,
  },
  { head: 'requests of', cell: ({ nodes }) => nodes?.join(', ') ?? 'all', isProse: true },
  {
    head: 'from – to',
    cell: ({ start_sec, end_sec }) => `${moment(start_sec)} – ${moment(end_sec)}`,
    isNumber: true,
  },
  { head: 'due', cell: ({ due }) => count(due), isNumber: true },
  { head: 'failed', cell: ({ failed }) => count(failed), isNumber: true },
  { head: 'more than usual', cell: ({ failed_above_baseline: more }) => decimal(more), isNumber: true },
  { head: 'slow', cell: ({ slow }) => count(slow), isNumber: true },
  { head: 'more than usual', cell: ({ slow_above_baseline: more }) => decimal(more), isNumber: true },
  { head: 'availability', cell: ({ availability }) => percent(availability), isNumber: true },
];
